// Writes lowercase.json: every code point that Hugging Face's Lowercase changes, with what it becomes.
import fs from 'node:fs';
import { lowercase } from 'tokenizers';

const normalizer = lowercase();
const lines = [];
for (let point = 0; point <= 0x10FFFF; point++) {
  if (point >= 0xD800 && point <= 0xDFFF) { continue; }
  const text = String.fromCodePoint(point);
  const lower = normalizer.normalizeString(text);
  if (lower !== text) { lines.push(JSON.stringify([point, lower])); }
}
fs.writeFileSync(new URL('./lowercase.json', import.meta.url), '[' + lines.join(',\n') + ']\n');
