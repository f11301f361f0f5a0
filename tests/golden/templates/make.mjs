// Writes vectors.json: every template of families/ rendered over every conversation by @huggingface/jinja, as a text or as the reason it refuses.
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';

const here = new URL('./', import.meta.url);
const tools = [
  {
    type: 'function',
    function: {
      name: 'find_page',
      description: 'Finds a page – schnell & "genau".\nSecond line.',
      parameters: {
        type: 'object',
        properties: {
          words: { type: 'string', description: 'What to look for' },
          limit: { type: 'integer', enum: [1, 10] },
          filter: { type: 'object', properties: { tag: { type: 'string' }, Deep: { type: 'boolean' } }, required: ['tag'] },
          names: { type: 'array', items: { type: 'string' } },
        },
        required: ['words'],
      },
    },
  },
  { type: 'function', function: { name: 'stop', description: 'Ends it', parameters: { type: 'object', properties: {}, required: [] } } },
];
const call = (name, args, id) => ({ type: 'function', id, function: { name, arguments: args } });
const conversations = {
  question: [{ role: 'user', content: 'Write about the sea.' }],
  dialogue: [
    { role: 'system', content: '  Be kind.\n' },
    { role: 'user', content: ' Hello <b>you</b> & "me"  ' },
    { role: 'assistant', content: '<think>\nhm\n</think>\n\nGood day.\n' },
    { role: 'user', content: '写一首诗 🙂 {{ not a tag }}' },
  ],
  calls: [
    { role: 'system', content: 'Use what you have.' },
    { role: 'user', content: 'Where is it?' },
    { role: 'assistant', content: '', tool_calls: [call('find_page', { words: 'it\'s "here"', limit: 3, filter: { tag: 'ä', Deep: true }, names: ['a', 'b'] }, 'abcdefghi')] },
    { role: 'tool', content: 'page 4', tool_call_id: 'abcdefghi', name: 'find_page' },
    { role: 'assistant', content: 'On page 4.' },
    { role: 'user', content: 'Thanks.\nMore?' },
  ],
  severalCalls: [
    { role: 'user', content: 'Two things.' },
    { role: 'assistant', content: 'Looking.', tool_calls: [call('interpreter', { code: '1 + 1' }, '123456789'), call('stop', {}, '987654321')] },
    { role: 'tool', content: '2', tool_call_id: '123456789' },
    { role: 'tool', content: 'done', tool_call_id: '987654321' },
  ],
  oneRun: [
    { role: 'user', content: 'Run it.' },
    { role: 'assistant', content: 'Yes.', tool_calls: [call('interpreter', { code: '1 + 1', twice: true }, '12345678')] },
    { role: 'tool', content: '2' },
  ],
  parts: [{ role: 'user', content: [{ type: 'text', text: ' Look: ' }, { type: 'image' }, { type: 'text', text: 'what?' }] }],
  wrongOrder: [{ role: 'assistant', content: 'I begin.' }, { role: 'user', content: 'No.' }],
  unknownRole: [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }, { role: 'judge', content: 'c' }],
};
const settings = [
  { bos_token: '<s>', eos_token: '</s>', add_generation_prompt: true },
  { bos_token: '', eos_token: '<|end|>', add_generation_prompt: false, enable_thinking: false, tools },
  { bos_token: '<s>', eos_token: '</s>', add_generation_prompt: true, enable_thinking: false, tools, day: '1 May 2032', enabled_tools: ['interpreter', 'search', 'draw'] },
];

const templates = {};
const cases = [];
for (const file of fs.readdirSync(new URL('families/', here)).sort()) {
  const name = file.replace(/\.jinja$/, '');
  templates[name] = fs.readFileSync(new URL(`families/${file}`, here), 'utf8');
  const template = new Template(templates[name]);
  for (const [conversation, messages] of Object.entries(conversations)) {
    for (const [setting, variables] of settings.entries()) {
      let expected = null;
      let refusal = null;
      try {
        expected = template.render({ messages, ...variables });
      } catch (e) {
        refusal = e.message;
      }
      cases.push({ template: name, conversation, setting, expected, refusal });
    }
  }
}
fs.writeFileSync(new URL('vectors.json', here), JSON.stringify({ conversations, settings, cases }, null, 1) + '\n');
const refused = cases.filter(c => c.refusal !== null);
console.log(`${cases.length} cases of ${Object.keys(templates).length} templates, ${refused.length} refused`);
for (const c of refused) console.log(`${c.template} ${c.conversation} ${c.setting}: ${c.refusal}`);
