// Writes template-vectors.json: our own chat templates, in the manner of several families, rendered by @huggingface/jinja.
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';

const templates = {
  chatml: "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  chatmlDefaultSystem: `{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "# Tools\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- elif messages[0]['role'] != 'system' %}
    {{- '<|im_start|>system\\nBe brief.<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step and message.role == "user" and message.content is string and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.multi_step = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == 'assistant' and loop.index0 < ns.last and '</think>' in message.content %}
        {{- '<|im_start|>' ~ message.role ~ '\\n' ~ message.content.split('</think>')[-1].lstrip('\\n') ~ '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}`,
  headers: `{{- bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set rest = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
    {%- set rest = messages %}
{%- endif %}
{{- "<|start|>system<|end|>\\n\\n" }}
{%- if not date_string is defined %}{% set date_string = "26 Jul 2024" %}{% endif %}
{{- "Today: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot|>" }}
{%- for message in rest %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start|>' + message['role'] + '<|end|>\\n\\n'+ message['content'] | trim + '<|eot|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start|>assistant<|end|>\\n\\n' }}
{%- endif %}
`,
  markers: `[gMASK]<sop>{% for item in messages %}{% if item['role'] == 'system' %}<|system|>
{{ item['content'] }}{% elif item['role'] in ['user', 'assistant'] %}<|{{ item['role'] }}|>
{{ item.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`,
  instructions: `{{ bos_token }}{% set start = 1 if messages[0]['role'] == 'system' else 0 %}
{% for message in messages[start:] %}
    {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception('Roles must alternate, found ' + message['role'] + ' at ' ~ loop.index) }}
    {% endif %}
    {% if message['role'] == 'user' %}
{{ '[INST] ' + (messages[0]['content'] + '\\n\\n' if loop.first and start == 1 else '') + message['content'].strip() + ' [/INST]' }}
    {% else %}
{{ ' ' + message['content'] + eos_token }}
    {% endif %}
{% endfor %}`,
  lines: "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% else %}{% generation %}{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endgeneration %}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}",
  constructs: `  {# a comment, alone on its line #}
{% set list = ['a', 'b', 'c', 'd'] %}
  {% for k, v in {'x': 1, 'y': 2}.items() %}
    {{ k }}={{ v }}{{ ", " if not loop.last }}
  {% endfor %}
{{ list[1:3] | join('-') }} {{ list[::-1] | join }} {{ list[-1] }} {{ list | first }}{{ list | last }} {{ list | length }}
{{ 7 // 2 }} {{ 7 % 3 }} {{ 2 + 3 * 4 }} {{ (2 + 3) * 4 }} {{ 7 - 2 - 1 }} {{ -3 + 1 }} {{ 1 ~ 2 }}
{{ 'Hello World'.upper() }} {{ 'Hello'.lower() }} {{ ' x '.strip() }}| {{ 'a,b'.split(',')[1] }} {{ 'aXbX'.replace('X', '-') }} {{ 'abc'[1] }}
{{ (nothing is defined) | tojson }}{{ nothing | default('unset') }}{{ '' | default('empty', true) }} {{ (none is none) | tojson }} {{ ('b' in list) | tojson }} {{ ('z' not in list) | tojson }} {{ ('el' in 'hello') | tojson }}
{% for i in range(3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.length }};{% endfor %} {% for i in range(1, 10, 4) %}{{ i }} {% else %}none{% endfor %}
{% for i in [] %}x{% else %}empty{% endfor %}
{% for i in list if i != 'b' %}{{ i }}{% endfor %}
{%- for i in list -%}
    {{ i }}
{%- endfor %}

{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(' / ') }} {{ messages | rejectattr('role', 'equalto', 'user') | list | length }}
{% set ns = namespace(total=0) %}{% for m in messages %}{% set ns.total = ns.total + m.role | length %}{% endfor %}{{ ns.total }}
{% set block %}in a <b>block</b>{% endset %}{{ block }}
{{ {'a': [1, 2.5, true, none, "q\\"uote"], 'b': {}} | tojson }} {{ {'k': [1]} | tojson(indent=2) }}
{{ 1 if false else 2 if true else 3 }} {{ true and 'x' or 'y' }} {{ (not false and 1 == 1) | tojson }} {{ (1 < 2) | tojson }}
{{ {'a': 1}.get('a') }} {{ {'a': 1}.get('b', 5) }} {{ ('x' is string) | tojson }} {{ (3 is number) | tojson }} {{ ({} is mapping) | tojson }} {{ ([] is iterable) | tojson }} {{ '3' | int + 1 }} {{ (4 is even) | tojson }} {{ 'title case' | title }} {{ 'cap' | capitalize }}
   {{ 'kept indentation' }}
{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}
end
`,
};

const conversations = [
  [{ role: 'user', content: 'Write about the sea.' }],
  [{ role: 'system', content: '  Be kind.\n' }, { role: 'user', content: ' Hello  ' }, { role: 'assistant', content: '<think>hm</think>\n\nGood day.' }, { role: 'user', content: '写一首诗 🙂 "quoted"' }],
  [{ role: 'user', content: 'a' }, { role: 'user', content: 'b' }],
  [{ role: 'user', content: '<tool>1</tool>' }, { role: 'assistant', content: 'two\nlines' }, { role: 'user', content: '' }],
];
const tools = [{ type: 'function', function: { name: 'find', description: 'Finds "things" – schnell', parameters: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] } } }];
const variables = [{ bos_token: '<s>', eos_token: '</s>' }, { bos_token: '', eos_token: '<|end|>', enable_thinking: false, date_string: '1 Jan 2030', tools }];

const cases = [];
for (const [name, source] of Object.entries(templates)) {
  const template = new Template(source);
  for (const messages of conversations) {
    for (const extra of variables) {
      for (const add_generation_prompt of [true, false]) {
        let expected = null, refusal = null;
        try { expected = template.render({ messages, add_generation_prompt, ...extra }); } catch (e) { refusal = e.message; }
        cases.push({ template: name, messages, variables: extra, addGenerationPrompt: add_generation_prompt, expected, refusal });
      }
    }
  }
}
fs.writeFileSync(new URL('./template-vectors.json', import.meta.url), JSON.stringify({ templates, cases }, null, 1) + '\n');
console.log(cases.length, cases.filter(c => c.refusal).map(c => c.template + ': ' + c.refusal).join('\n'));
