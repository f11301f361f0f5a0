// Writes NfcData.cs: canonical decompositions, composition exclusions and the order of combining marks, all asked of
// Hugging Face's own normalizers. They know an older Unicode than the newest, and a model was trained on what they did.
import fs from 'node:fs';
import { nfcNormalizer, nfdNormalizer } from 'tokenizers';

const target = new URL('../../../src/LongWriter.Onnx/Tokenization/Normalization/NfcData.cs', import.meta.url);
const nfc = nfcNormalizer();
const nfd = nfdNormalizer();
const isHangul = c => c >= 0xac00 && c <= 0xd7a3;
const hex = c => c.toString(16).toUpperCase();

const decompositions = [];
for (let c = 0xa0; c < 0x110000; c++) {
  if ((c >= 0xd800 && c <= 0xdfff) || isHangul(c)) { continue; }
  const text = String.fromCodePoint(c);
  const parts = nfd.normalizeString(text);
  if (parts !== text) {
    const excluded = nfc.normalizeString(text) !== text ? '!' : '';
    decompositions.push(`${hex(c)}${excluded}=${[...parts].map(p => hex(p.codePointAt(0))).join('+')}`);
  }
}

const swaps = (a, b) => nfd.normalizeString(a + b) !== nfd.normalizeString(a) + nfd.normalizeString(b);
const marks = [];
for (let c = 0x300; c < 0x110000; c++) {
  if (c >= 0xd800 && c <= 0xdfff) { continue; }
  const m = String.fromCodePoint(c);
  if (/\p{M}/u.test(m) && nfd.normalizeString(m) === m && (swaps('\u0345', m) || swaps(m, '\u0334'))) { marks.push(m); }
}
const compare = (a, b) => (swaps(a, b) ? 1 : swaps(b, a) ? -1 : 0);
marks.sort(compare);
const ranks = new Map();
let rank = 0;
for (let i = 0; i < marks.length; i++) {
  if (i === 0 || compare(marks[i - 1], marks[i]) !== 0) { rank++; }
  ranks.set(marks[i].codePointAt(0), rank);
}
const ranges = [];
for (const [c, r] of [...ranks].sort((a, b) => a[0] - b[0])) {
  const last = ranges.at(-1);
  if (last && last.to === c - 1 && last.rank === r) { last.to = c; } else { ranges.push({ from: c, to: c, rank: r }); }
}

function lines(items) {
  const rows = [];
  let row = '';
  for (const item of items) {
    if (row.length + item.length > 150) { rows.push(row); row = ''; }
    row += item + ' ';
  }
  rows.push(row.trimEnd());
  return rows.map(r => `        "${r}"`).join(' +\n');
}

fs.writeFileSync(target, `namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>
/// What canonical composition needs to know of Unicode. Written by tests/golden/tokenizer/make-nfc-data.mjs, which asks the
/// normalizers of Hugging Face's tokenizers 0.23.2; not edited by hand.
/// </summary>
internal static class NfcData
{
    /// <summary>code point=full canonical decomposition, in hexadecimal; "!" marks one that never comes back by composition.</summary>
    public const string Decompositions =
${lines(decompositions)};

    /// <summary>from-to:rank of combining marks. Only the order of the ranks has meaning; a code point not listed is a starter.</summary>
    public const string MarkRanks =
${lines(ranges.map(r => `${hex(r.from)}${r.to > r.from ? '-' + hex(r.to) : ''}:${r.rank}`))};
}
`);
console.log(`${decompositions.length} decompositions, ${marks.length} marks in ${ranges.length} ranges of ${rank} ranks`);
