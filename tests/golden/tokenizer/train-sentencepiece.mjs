// Trains a small BPE in the manner of SentencePiece on the sample texts and writes it in the forms that published files have:
// tokenizers/sp-*.json. Characters merge instead of bytes, a space is ▁, and bytes are tokens such as <0xE4>.
import fs from 'node:fs';
import { written } from './samples.mjs';

const out = new URL('./tokenizers/', import.meta.url);
const metaspace = '▁';
const special = ['<unk>', '<s>', '</s>'];
const bytes = [...Array(256).keys()].map(value => `<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`);

/** The most frequent pair first, the smallest in code-unit order among equals; no piece has ▁ behind another character. */
function train(merges) {
  const pieces = new Map();
  for (const word of written.join('\n').toWellFormed().replaceAll(' ', metaspace).match(/▁?[^▁\n]+|▁/gu)) { pieces.set(word, (pieces.get(word) ?? 0) + 1); }
  const words = [...pieces].map(([piece, count]) => ({ count, parts: [...piece] }));
  const tokens = [];
  while (tokens.length < merges) {
    const counts = new Map();
    for (const { count, parts } of words) {
      for (let i = 0; i + 1 < parts.length; i++) { const k = `${parts[i]} ${parts[i + 1]}`; counts.set(k, (counts.get(k) ?? 0) + count); }
    }
    let best = null;
    for (const [k, n] of counts) { if (n > 1 && (!best || n > best[1] || (n === best[1] && k < best[0]))) { best = [k, n]; } }
    if (!best) { break; }
    const [left, right] = best[0].split(' ');
    if (!tokens.includes(left + right)) { tokens.push(left + right); }
    for (const word of words) {
      for (let i = 0; i + 1 < word.parts.length; i++) { if (word.parts[i] === left && word.parts[i + 1] === right) { word.parts.splice(i, 2, left + right); } }
    }
  }
  for (const run of ['▁▁', '▁▁▁▁', '▁▁▁▁▁▁▁▁']) { if (!tokens.includes(run)) { tokens.push(run); } }
  const frequent = new Map();
  for (const { count, parts } of [...pieces].map(([piece, count]) => ({ count, parts: [...piece] }))) { for (const c of parts) { frequent.set(c, (frequent.get(c) ?? 0) + count); } }
  const characters = [...frequent].filter(([c, n]) => n > 1 || tokens.some(t => t.includes(c))).map(([c]) => c).sort();
  return { tokens, characters };
}

const { tokens, characters } = train(330);
const pieces = [...special, ...bytes, ...tokens, ...characters];

/** As converters write them: every way to put a token together from two others, ordered by the token's rank. */
function mergesOf(vocab) {
  const merges = [];
  for (const token of tokens) {
    const parts = [...token];
    for (let i = 1; i < parts.length; i++) {
      const pair = [parts.slice(0, i).join(''), parts.slice(i).join('')];
      if (token in vocab && pair.every(part => part in vocab)) { merges.push(pair); }
    }
  }
  return merges;
}

const added = (id, content, options = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...options });
const sequence = (kind, items) => ({ type: 'Sequence', [kind]: items });
const replace = (pattern, content) => ({ type: 'Replace', pattern: typeof pattern === 'string' ? { String: pattern } : pattern, content });
const meta = (prepend_scheme, split) => ({ type: 'Metaspace', replacement: metaspace, prepend_scheme, split });
const split = (pattern, behavior, invert = false) => ({ type: 'Split', pattern: typeof pattern === 'string' ? { String: pattern } : pattern, behavior, invert });
const strip = { type: 'Strip', content: ' ', start: 1, stop: 0 };
const fallback = { type: 'ByteFallback' };
const fuse = { type: 'Fuse' };
const legacy = sequence('normalizers', [{ type: 'Prepend', prepend: metaspace }, replace(' ', metaspace)]);
const decoder = sequence('decoders', [replace(metaspace, ' '), fallback, fuse, strip]);
const beginning = {
  type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }], special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
};

function write(name, { normalizer = null, preTokenizer = null, postProcessor = null, decoder: joins = decoder, extra = [], specialOptions = {}, missing = [], addMerges = [], model = {}, pairs = false }) {
  const vocab = Object.fromEntries(pieces.map((token, id) => [token, id]).filter(([token]) => !missing.includes(token)));
  let free = pieces.length;
  const merges = [...mergesOf(vocab), ...addMerges];
  const file = {
    version: '1.0', truncation: null, padding: null,
    added_tokens: [...special.map((content, id) => added(id, content, specialOptions)), ...extra.map(([content, options]) => added(vocab[content] ?? free++, content, options))],
    normalizer, pre_tokenizer: preTokenizer, post_processor: postProcessor, decoder: joins,
    model: {
      type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true,
      ignore_merges: false, ...model, vocab, merges: pairs ? merges : merges.map(m => m.join(' ')),
    },
  };
  fs.writeFileSync(new URL(`sp-${name}.json`, out), JSON.stringify(file) + '\n');
}

const turns = [['<|im_start|>', { rstrip: true }], ['<|im_end|>', { lstrip: true, rstrip: true }], ['<mask>', { special: false }]];
write('legacy', { normalizer: legacy, postProcessor: beginning });
write('legacy-turns', { normalizer: legacy, postProcessor: beginning, extra: turns, pairs: true, model: { fuse_unk: false } });
write('legacy-normalized', {
  normalizer: legacy, specialOptions: { normalized: true },
  extra: [['word', { normalized: true, special: false, single_word: true }], ['<mask>', { normalized: true, lstrip: true }], ['token café', { normalized: true, special: false }], ['<tool>', { normalized: true, rstrip: true }]],
});
write('first', { preTokenizer: meta('first', false), postProcessor: beginning, extra: turns });
write('first-split', { preTokenizer: meta('first', true), extra: turns, decoder: meta('first', true), pairs: true });
write('always', { preTokenizer: { type: 'Metaspace', replacement: metaspace, add_prefix_space: true }, extra: turns, decoder: sequence('decoders', [fallback, meta('always', true)]) });
write('never', { preTokenizer: meta('never', true), extra: turns, decoder: sequence('decoders', [meta('never', true), fallback]) });
write('gemma', { normalizer: replace(' ', metaspace), preTokenizer: split(' ', 'MergedWithPrevious'), decoder: sequence('decoders', [replace(metaspace, ' '), fallback, fuse]), extra: turns });
write('no-bytes', { preTokenizer: meta('first', true), model: { byte_fallback: false } });
write('no-bytes-each', { preTokenizer: meta('first', true), model: { byte_fallback: false, fuse_unk: false } });
write('no-unknown', { normalizer: legacy, model: { byte_fallback: false, unk_token: null } });
write('some-bytes', { normalizer: legacy, missing: ['<0xF0>', '<0xCC>', '<0x0A>'] });
write('some-bytes-each', { normalizer: legacy, missing: ['<0xF0>', '<0xCC>', '<0x0A>'], model: { fuse_unk: false } });
write('steps', {
  normalizer: sequence('normalizers', [{ type: 'NFC' }, { type: 'Lowercase' }, { type: 'Strip', strip_left: true, strip_right: false }, replace({ Regex: '\\s{2,}' }, ' '), replace('...', '…')]),
  preTokenizer: sequence('pretokenizers', [split({ Regex: '[.,!?]' }, 'Contiguous'), split('s', 'MergedWithNext'), split({ Regex: '\\p{N}' }, 'MergedWithPrevious', true), meta('first', true)]),
  decoder: sequence('decoders', [replace({ Regex: '▁+' }, ' '), { type: 'Strip', content: 't', start: 2, stop: 0 }, fallback, replace('é', 'e'), fuse, replace('a', 'A'), strip]),
  model: { ignore_merges: true },
});
write('joins', {
  normalizer: { type: 'Strip', strip_left: false, strip_right: true },
  preTokenizer: sequence('pretokenizers', [split({ Regex: '\\p{N}{1,2}' }, 'Contiguous', true), split({ Regex: '[a-f]+' }, 'MergedWithNext', true), split('é', 'MergedWithPrevious'), meta('always', false)]),
  decoder: sequence('decoders', [fallback, { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, strip]),
  model: { ignore_merges: true },
});
