// Sums up a report.json for docs/guide-length.md: length scores, the worst of them, what was discarded, calls, how texts end, spread over repeats.
//
//   node eng/results-summary.mjs REPORT.json [ID …]
//
// The items that are named are left out: prompts that state no length, whose label nobody could know.
import { readFileSync } from 'node:fs';

const [path, ...left] = process.argv.slice(2);
if (!path) {
  console.error('Usage: node eng/results-summary.mjs REPORT.json [ID …]');
  process.exit(2);
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value, digits) => value.toFixed(digits);
console.log('| subject | texts | mean S_l | lowest S_l, 200 and more | lowest S_l, below 200 | repeated 4-grams | duplicate sentences | nats per token | calls per text | tokens per word | discarded |');
console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
for (const subject of JSON.parse(readFileSync(path, 'utf8')).subjects) {
  const texts = subject.textReports.filter(text => !left.includes(text.id));
  const lowest = chosen => (chosen.length ? round(Math.min(...chosen.map(text => text.lengthScore)), 1) : '–');
  const output = texts.reduce((sum, text) => sum + text.usage.outputTokens, 0);
  const ends = texts.filter(text => text.nll?.length).map(text => text.nll.at(-1).meanNll);
  console.log(`| ${subject.label} | ${texts.length} | ${round(mean(texts.map(text => text.lengthScore)), 2)} | ${lowest(texts.filter(text => text.required >= 200))} | `
    + `${lowest(texts.filter(text => text.required < 200))} | ${round(100 * mean(texts.map(text => text.diagnostics.repeatedFourGrams)), 1)} % | `
    + `${round(100 * mean(texts.map(text => text.diagnostics.duplicateSentences)), 2)} % | ${ends.length ? round(mean(ends), 3) : '–'} | `
    + `${round(mean(texts.map(text => text.usage.calls)), 1)} | ${round(output / texts.reduce((sum, text) => sum + text.produced, 0), 2)} | `
    + `${round((100 * texts.reduce((sum, text) => sum + (text.discardedTokens ?? 0), 0)) / output, 1)} % |`);
  const spread = subject.spread ?? [];
  if (spread.length) {
    const worst = spread.map(item => ({ id: item.id, words: item.maximum - item.minimum, share: (item.maximum - item.minimum) / item.mean, deviation: item.standardDeviation / item.mean }));
    console.log(`\n${subject.label}: over ${spread.length} repeated prompts the largest range is ${Math.max(...worst.map(item => item.words))} words, `
      + `${round(100 * Math.max(...worst.map(item => item.share)), 1)} % of the mean; outside 5 % and 15 words: ${worst.filter(item => item.share > 0.05 && item.words > 15).length}; `
      + `mean standard deviation ${round(100 * mean(worst.map(item => item.deviation)), 2)} % of the mean.\n`);
  }
}
