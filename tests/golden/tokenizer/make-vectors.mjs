// Writes vectors.json: ids and texts from Hugging Face's tokenizers (native, npm "tokenizers", version in package.json).
// With the project's shared folder at hand (LONGWRITER_SHARED) also the hash of the ids of a megabyte of books.
import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { Tokenizer } from 'tokenizers';
import { texts } from './samples.mjs';

const here = name => new URL(name, import.meta.url);
const files = fs.readdirSync(here('./tokenizers/')).sort().map(f => [f.replace('.json', ''), here(`./tokenizers/${f}`)]);
files.push(['longwriter-tiny', here('../../../models/longwriter-tiny/tokenizer.json')]);

let state = 7;
const next = bound => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 4294967296) * bound); };

async function idsOf(tokenizer, text, addSpecialTokens = false) {
  return Array.from((await tokenizer.encode(text, null, { addSpecialTokens })).getIds());
}

const shared = process.env.LONGWRITER_SHARED;
const bookCharacters = 1_000_000;
let book = null;
if (shared) {
  const lines = execFileSync('xz', ['-dc', `${shared}/data/books/books.jsonl.xz`], { maxBuffer: 1 << 30 }).toString('utf8').split('\n');
  book = '';
  for (const line of lines) {
    for (const chapter of JSON.parse(line).chapters) { book += chapter.text + '\n\n'; }
    if (book.length >= bookCharacters) { break; }
  }
  book = book.slice(0, bookCharacters);
}

const result = { texts: texts.map(t => (t.isWellFormed() ? t : { units: [...Array(t.length).keys()].map(i => t.charCodeAt(i)) })), tokenizers: {} };
for (const [name, file] of files) {
  const tokenizer = Tokenizer.fromString(fs.readFileSync(file, 'utf8'));
  const ids = [];
  for (const text of texts) { ids.push(await idsOf(tokenizer, text)); }
  const size = tokenizer.getVocabSize(true);
  const decodes = [];
  for (let i = 0; i < 40; i++) {
    const random = Array.from({ length: 1 + next(12) }, () => (next(20) === 0 ? size + next(5) : i % 2 ? next(size) : next(Math.min(size, 262))));
    const skip = next(2) === 1;
    decodes.push({ ids: random, skip, text: await tokenizer.decode(random, skip) });
  }
  const entry = { ids, decodes, withSpecialTokens: await idsOf(tokenizer, 'The lamp.', true), roundTrips: [] };
  for (let i = 0; i < texts.length; i++) { if ((await tokenizer.decode(ids[i], false)) === texts[i]) { entry.roundTrips.push(i); } }
  if (book) {
    const bookIds = await idsOf(tokenizer, book);
    entry.books = { characters: bookCharacters, tokens: bookIds.length, sha256: createHash('sha256').update(Buffer.from(new Int32Array(bookIds).buffer)).digest('hex') };
  }
  result.tokenizers[name] = entry;
  console.log(name, size, ids.reduce((n, i) => n + i.length, 0));
}

const previous = fs.existsSync(here('./vectors.json')) ? JSON.parse(fs.readFileSync(here('./vectors.json'), 'utf8')) : null;
for (const [name, entry] of Object.entries(result.tokenizers)) { entry.books ??= previous?.tokenizers[name]?.books; }
fs.writeFileSync(here('./vectors.json'), '{"texts":[\n' + result.texts.map(t => JSON.stringify(t)).join(',\n') + '\n],"tokenizers":{\n'
  + Object.entries(result.tokenizers).map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',\n') + '\n}}\n');
