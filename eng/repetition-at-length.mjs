// Repeated 4-grams of two runs at equal lengths: both texts of an item are cut at the words of the shorter one, since repetition grows with the length of a text.
//
//   node eng/repetition-at-length.mjs RESULTS.jsonl OTHER.jsonl [SUBJECT]
//
// A word is a run of letters, digits and apostrophes, or a Chinese character; a repeated 4-gram is one that stood before in the text.
import { readFileSync } from 'node:fs';

const [first, second, subject = 'agent'] = process.argv.slice(2);
if (!first || !second) {
  console.error('Usage: node eng/repetition-at-length.mjs RESULTS.jsonl OTHER.jsonl [SUBJECT]');
  process.exit(2);
}

const read = path => new Map(readFileSync(path, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line)).filter(result => result.subject === subject && result.text)
  .map(result => [result.id, result.text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}'’]+/gu) ?? []]));

function repeated(words) {
  const seen = new Set();
  let again = 0;
  for (let i = 0; i + 4 <= words.length; i++) {
    const gram = words.slice(i, i + 4).join(' ');
    again += seen.has(gram) ? 1 : 0;
    seen.add(gram);
  }

  return again / Math.max(1, words.length - 3);
}

const [one, other] = [read(first), read(second)];
const pairs = [...one].filter(([id]) => other.has(id)).map(([id, words]) => [words, other.get(id)]).filter(([a, b]) => Math.min(a.length, b.length) > 3);
const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = value => `${(100 * value).toFixed(2)} %`;
const row = (name, cut) => {
  const shares = pairs.map(([a, b]) => cut(a, b).map(repeated));
  const gaps = shares.map(([a, b]) => a - b);
  const error = Math.sqrt(mean(gaps.map(gap => (gap - mean(gaps)) ** 2)) / (gaps.length - 1));
  console.log(`| ${name} | ${pairs.length} | ${percent(mean(shares.map(([a]) => a)))} | ${percent(mean(shares.map(([, b]) => b)))} | ${(100 * mean(gaps)).toFixed(2)} ± ${(100 * error).toFixed(2)} points |`);
};
console.log('| texts | pairs | repeated 4-grams, first | second | difference and its standard error |');
console.log('|---|--:|--:|--:|--:|');
row('whole', (a, b) => [a, b]);
row('both cut at the shorter one', (a, b) => {
  const length = Math.min(a.length, b.length);
  return [a.slice(0, length), b.slice(0, length)];
});
