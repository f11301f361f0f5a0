// Trains one small byte-level BPE per family on the sample texts and writes each as tokenizer.json into tokenizers/.
// Our own trainer: merges the most frequent pair, the smallest in code-unit order among equals, until the size is reached.
import fs from 'node:fs';
import { written } from './samples.mjs';

const out = new URL('./tokenizers/', import.meta.url);
fs.mkdirSync(out, { recursive: true });

const symbols = (() => {
  const map = [];
  let extra = 0;
  for (let b = 0; b < 256; b++) {
    const printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
    map.push(String.fromCharCode(printable ? b : 256 + extra++));
  }
  return map;
})();

function train(regex, size, first) {
  const corpus = written.join('\n').toWellFormed();
  const pieces = new Map();
  for (const [piece] of corpus.matchAll(regex)) { pieces.set(piece, (pieces.get(piece) ?? 0) + 1); }
  const words = [...pieces].map(([piece, count]) => ({ count, parts: [...Buffer.from(piece)].map(b => symbols[b]) }));
  const vocab = [...first, ...[...symbols].sort()];
  const merges = [];
  while (vocab.length < size) {
    const counts = new Map();
    for (const { count, parts } of words) {
      for (let i = 0; i + 1 < parts.length; i++) { const k = `${parts[i]} ${parts[i + 1]}`; counts.set(k, (counts.get(k) ?? 0) + count); }
    }
    let best = null;
    for (const [k, n] of counts) { if (n > 1 && (!best || n > best[1] || (n === best[1] && k < best[0]))) { best = [k, n]; } }
    if (!best) { break; }
    const [left, right] = best[0].split(' ');
    merges.push([left, right]);
    if (!vocab.includes(left + right)) { vocab.push(left + right); }
    for (const word of words) {
      for (let i = 0; i + 1 < word.parts.length; i++) { if (word.parts[i] === left && word.parts[i + 1] === right) { word.parts.splice(i, 2, left + right); } }
    }
  }
  return { vocab: Object.fromEntries(vocab.map((t, i) => [t, i])), merges };
}

const endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const newTail = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const regexes = {
  gpt2: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  cl100k: `${endings}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${newTail}`,
  qwen2: `${endings}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${newTail}`,
  qwen35: `${endings}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${newTail}`,
  o200k: ['*', '+'].map((u, i) => `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]${u}[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]${'+*'[i]}${endings}?`).join('|') + `|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${newTail}`,
  tekken: ['*', '+'].map((u, i) => `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]${u}[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]${'+*'[i]}`).join('|') + `|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${newTail}`,
  unknown: "[一-鿿]{1,2}|\\p{Lu}?[\\p{Ll}\\p{M}]++|(?:\\p{Lu}|\\p{Lt})+(?!\\p{Ll})|(?i:sea|k)s?|[^\\S\\r\\n]{2,}(?=\\S)|\\d{2}|[\\x{1F300}-\\x{1FAFF}]+|[\\p{P}\\p{S}&&]+|.".replace('&&', ''),
};
// JavaScript has no (?i:…) here, so training cuts at contractions by explicit letters; only the shipped pattern matters for ids.
const js = source => new RegExp(source.replaceAll('(?i:', '(?:').replaceAll('++', '+').replaceAll(/\\x\{/g, '\\u{'), 'gu');

const added = (id, content, options = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...options });
const byteLevel = (options = {}) => ({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false, ...options });
const split = (source, options = {}) => ({ type: 'Split', pattern: { Regex: source }, behavior: 'Isolated', invert: false, ...options });
const chat = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];

function write(name, { regex, size = 700, preTokenizer, normalizer = null, postProcessor = null, pairs = false, ignoreMerges = false, extra = [], inVocab = true }) {
  const { vocab, merges } = train(js(regex), size, inVocab ? chat : []);
  const base = Object.keys(vocab).length;
  const specials = chat.map((content, i) => added(inVocab ? i : base + i, content));
  let free = inVocab ? base : base + chat.length;
  const idOf = content => vocab[content] ?? free++;
  const file = {
    version: '1.0', truncation: null, padding: null,
    added_tokens: [...specials, ...extra.map(([content, options]) => added(idOf(content), content, options))],
    normalizer, pre_tokenizer: preTokenizer, post_processor: postProcessor?.(specials[0].id) ?? null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false,
      byte_fallback: false, ignore_merges: ignoreMerges, vocab, merges: pairs ? merges : merges.map(m => m.join(' ')),
    },
  };
  fs.writeFileSync(new URL(`${name}.json`, out), JSON.stringify(file) + '\n');
}

write('gpt2', { regex: regexes.gpt2, preTokenizer: byteLevel({ use_regex: true }), postProcessor: () => byteLevel() });
write('gpt2-prefix', { regex: regexes.gpt2, size: 450, preTokenizer: byteLevel({ use_regex: true, add_prefix_space: true }) });
write('llama3', {
  regex: regexes.cl100k, pairs: true, ignoreMerges: true, inVocab: false,
  preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.cl100k), byteLevel()] },
  postProcessor: bos => ({
    type: 'Sequence', processors: [byteLevel({ add_prefix_space: true }), {
      type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<|endoftext|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }], pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<|endoftext|>': { id: '<|endoftext|>', ids: [bos], tokens: ['<|endoftext|>'] } },
    }],
  }),
});
write('cl100k', { regex: regexes.cl100k, size: 600, preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.cl100k, { behavior: 'Removed', invert: true }), byteLevel()] } });
write('qwen2', { regex: regexes.qwen2, normalizer: { type: 'NFC' }, preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.qwen2), byteLevel()] } });
write('qwen35', { regex: regexes.qwen35, size: 500, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }] }, preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.qwen35), byteLevel()] } });
write('o200k', { regex: regexes.o200k, preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.o200k), byteLevel()] } });
write('tekken', { regex: regexes.tekken, size: 500, ignoreMerges: true, preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.tekken), byteLevel()] } });
write('digits', { regex: regexes.gpt2, size: 450, preTokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel({ use_regex: true })] } });
write('unknown', { regex: regexes.unknown, size: 450, preTokenizer: { type: 'Sequence', pretokenizers: [split('\\p{N}{1,3}'), split(regexes.unknown), { type: 'Split', pattern: { String: 'ab' }, behavior: 'Isolated', invert: false }, byteLevel({ add_prefix_space: true })] } });
write('added', {
  regex: regexes.qwen2, size: 500, normalizer: { type: 'NFC' }, inVocab: false,
  preTokenizer: { type: 'Sequence', pretokenizers: [split(regexes.qwen2), byteLevel()] },
  extra: [['<mask>', { lstrip: true }], ['<tool>', { rstrip: true, special: false }], ['</tool>', { lstrip: true, rstrip: true, special: false }], ['word', { single_word: true, special: false, normalized: true }], ['cafe\u0301', { special: false, normalized: true }], ['ab', { special: false }], ['abcd', { special: false }], ['bc', { special: false }], ['two words', { special: false }], ['ação', { special: true }], ['ÿ', { special: false }]],
});
