// Word boundaries by ICU (Intl.Segmenter), to check our segmenter against an independent implementation.
// Run: node word_segments.mjs   (writes word-segments.txt beside this file, in the format of WordBreakTest.txt plus the number of
// word-like segments)
//
// Left out: scripts that ICU segments by dictionary (Han, kana, Hangul syllables, Line_Break=SA); ':' U+FE55 U+FF1A, which ICU takes
// out of MidLetter; U+06DD and U+FE10, whose Word_Break changed after Unicode 15.0. Of ICU's word-like segments those without a letter
// or digit ("__", a lone Hebrew geresh) are not counted.
import { writeFileSync } from 'node:fs';

const alphabets = [
  "abZ019 '._,;-",
  "aZ7 \u0301\u0308\u00ad\u200d\u2060\u200c",
  'a\u05d0\u05ea\u05f3" \'\u05f4.5',
  "\u0391\u03c9\u1f00\u0416\u044f\u0561\u10d0 '\u2019\u00b7\u0387.3",
  '\u0627\u0628\u064b\u0640\u0660\u0669\u066b\u066c \u060ca',
  '\u0905\u093e\u094d\u0915\u200d\u200c\u0966\u0964 \u0995\u09cd\u0b95\u0bcd',
  '\u1112\u1100\u1161\u11a8 a1.\u00e9',
  'a\u{1f600}\u{1f468}\u200d\u{1f469}\ufe0f\u{1f3fb}\u{1f1e6}\u{1f1e7} 1\u20e3',
  'a_\u203f\ufe33\uff3f1 \u00e9',
  'a1\u00b2\u00bd\u2460\u2160\u24b6\u2122\u00aa %$\u20ac',
  '\u{10400}\u{1d400}\u{1d7ce}\u{1e900}\u{12000} \u{11000}a\u0301',
  'a \u3000\u2002\u00a0\t\r\n\u0085\u2028\u200b',
  'a9\uff21\uff41\uff11\uff0e\uff07\uff0c\uff1b\ufe52 ',
];

// A small linear congruential generator: the same texts on every machine.
let state = 20240813n;
function next(limit) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(limit));
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
const hex = (text) => [...text].map((c) => c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')).join(' \u00d7 ');
const lines = [
  `# ICU ${process.versions.icu}, Unicode ${process.versions.unicode}, Node.js ${process.versions.node}; written by word_segments.mjs`,
  '# <boundaries as in WordBreakTest.txt> # <number of word-like segments>',
];
for (const alphabet of [...alphabets, alphabets.join('')]) {
  const characters = [...alphabet];
  for (let i = 0; i < 150; i++) {
    const text = Array.from({ length: 1 + next(16) }, () => characters[next(characters.length)]).join('');
    const segments = [...segmenter.segment(text)];
    const words = segments.filter((s) => s.isWordLike && /(?!\p{M})[\p{Alphabetic}\p{Nd}]/u.test(s.segment)).length;
    lines.push(`\u00f7 ${segments.map((s) => hex(s.segment)).join(' \u00f7 ')} \u00f7 # ${words}`);
  }
}

writeFileSync(new URL('word-segments.txt', import.meta.url), lines.join('\n') + '\n');
