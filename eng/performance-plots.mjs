// Draws the pictures of docs/performance.md from what LongWriter.Throughput wrote with --json (see eng/performance.sh).
//
//   node eng/performance-plots.mjs FOLDER-OF-JSON FOLDER-OF-SVG [PREFIX]
//
// Writes PREFIX-decode.svg, -prefill.svg, -sections.svg, -batch.svg and -roofline.svg, as far as there are measurements for them. PREFIX is "performance" when left out.
// Colours follow the reader's light or dark scheme.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [source, target, prefix = 'performance'] = process.argv.slice(2);
if (!source || !target) {
  console.error('Usage: node eng/performance-plots.mjs FOLDER-OF-JSON FOLDER-OF-SVG [PREFIX]');
  process.exit(2);
}

const engines = ['LongWriter', 'llama.cpp', 'transformers.js'];
const results = readdirSync(source).filter(name => name.endsWith('.json')).sort().map(name => JSON.parse(readFileSync(join(source, name), 'utf8')));
const rows = results.flatMap(result => result.measurements ?? []);
const stepBytes = results.flatMap(result => result.stepBytes ?? []);
const models = distinct(results.filter(result => result.model).map(result => result.model));
if (models.length !== 1) {
  console.error(`${source}: expected measurements of one model, found ${models.length ? models.join(', ') : 'none'}.`);
  process.exit(1);
}

const [model] = models;
mkdirSync(target, { recursive: true });

save('decode', drawSpeeds('decode', 'Decoding, tokens/s, by tokens of context'));
save('prefill', drawSpeeds('prefill', 'Reading a prompt, tokens/s, by its tokens'));
save('sections', drawSections());
save('batch', drawBatch());
save('roofline', drawRoofline());

function save(name, drawing) {
  if (!drawing) {
    console.error(`Nothing was measured for ${name}.`);
    return;
  }

  const path = join(target, `${prefix}-${name}.svg`);
  writeFileSync(path, drawing);
  console.log(path);
}

/** A panel for each precision, a group for each length, a bar for each engine. */
function drawSpeeds(what, title) {
  const found = rows.filter(row => row.what === what && row.engine !== 'memory');
  return found.length && drawPanels(title, distinct(found.map(row => row.precision)).map(precision => ({
    name: precision,
    groups: distinct(found.filter(row => row.precision === precision).map(row => row.contextTokens)).sort((a, b) => a - b).map(context => ({
      name: number(context),
      bars: found.filter(row => row.precision === precision && row.contextTokens === context).map(row => ({ engine: row.engine, value: row.median, label: number(row.median) })),
    })),
  })));
}

/** How many times one document's tokens/s many documents together have. */
function drawBatch() {
  const found = rows.filter(row => row.what === 'batch');
  const gains = found.flatMap(row => {
    const one = found.find(other => other.sequences === 1 && other.engine === row.engine && other.precision === row.precision && other.contextTokens === row.contextTokens);
    return row.sequences > 1 && one ? [{ ...row, gain: median(row.byRound.map((value, round) => value / one.byRound[round])) }] : [];
  });
  return gains.length && drawPanels('Documents together: times the tokens/s of one alone', distinct(gains.map(row => row.precision)).map(precision => ({
    name: precision,
    groups: distinct(gains.filter(row => row.precision === precision).map(row => `${row.sequences} at ${number(row.contextTokens)}`)).map(name => ({
      name,
      bars: gains.filter(row => row.precision === precision && `${row.sequences} at ${number(row.contextTokens)}` === name)
        .map(row => ({ engine: row.engine, value: row.gain, label: row.gain.toFixed(2) })),
    })),
  })));
}

function drawPanels(title, panels) {
  const width = 380;
  const height = 300;
  const parts = panels.flatMap((panel, index) => {
    const left = 20 + index * width;
    const top = Math.max(...panel.groups.flatMap(group => group.bars.map(bar => bar.value)));
    const groupWidth = (width - 40) / panel.groups.length;
    return [
      text(left, 66, panel.name, { class: 'strong' }),
      ...panel.groups.flatMap((group, place) => {
        const barWidth = Math.min(34, (groupWidth - 12) / group.bars.length);
        const start = left + place * groupWidth + (groupWidth - barWidth * group.bars.length) / 2;
        return [
          text(left + (place + 0.5) * groupWidth, height - 14, group.name, { 'text-anchor': 'middle', class: 'soft' }),
          ...group.bars.flatMap((bar, i) => {
            const size = (bar.value / top) * (height - 130);
            const x = start + i * barWidth;
            return [
              `<rect class="${classOf(bar.engine)}" x="${round(x + 1)}" y="${round(height - 32 - size)}" width="${round(barWidth - 2)}" height="${round(size)}"/>`,
              text(x + barWidth / 2, height - 36 - size, bar.label, { 'text-anchor': 'middle', 'font-size': 10 }),
            ];
          }),
        ];
      }),
      `<line class="axis" x1="${left}" x2="${left + width - 40}" y1="${height - 32}" y2="${height - 32}"/>`,
    ];
  });
  return page(title, 20 + panels.length * width, height, [...legend(panels.flatMap(panel => panel.groups.flatMap(group => group.bars.map(bar => bar.engine)))), ...parts]);
}

/** A bar for each way and engine: reading pale, writing full. */
function drawSections() {
  const found = rows.filter(row => row.what === 'document');
  if (!found.length) {
    return null;
  }

  const longest = Math.max(...found.map(row => row.median));
  const left = 300;
  const across = 380;
  const parts = found.sort((a, b) => order(a.precision, b.precision)).flatMap((row, index) => {
    const reading = rows.find(other => other.what === 'reading' && other.engine === row.engine && other.precision === row.precision && other.case === row.case).median;
    const y = 60 + index * 24;
    const read = (reading / longest) * across;
    const write = ((row.median - reading) / longest) * across;
    return [
      text(left - 8, y + 13, `${row.precision}, ${row.case}, ${row.engine}`, { 'text-anchor': 'end', class: 'soft' }),
      `<rect class="${classOf(row.engine)}" x="${left}" y="${y}" width="${round(read)}" height="18" opacity="0.45"/>`,
      `<rect class="${classOf(row.engine)}" x="${round(left + read)}" y="${y}" width="${round(write)}" height="18"/>`,
      text(left + read + write + 6, y + 13, `${number(row.median)} s`),
    ];
  });
  return page('A document of sections: seconds, of which the pale part is reading', 780, 72 + found.length * 24, [...legend(found.map(row => row.engine)), ...parts]);
}

/** Tokens/s over bytes that a token reads: what memory allows as lines, what was measured as points. Both axes are logarithmic. */
function drawRoofline() {
  const bandwidths = rows.filter(row => row.what === 'bandwidth');
  const roofs = distinct(bandwidths.map(row => row.threads)).map(threads => ({ threads, best: Math.max(...bandwidths.filter(row => row.threads === threads).flatMap(row => row.byRound)) }));
  const points = rows.filter(row => row.what === 'decode').flatMap(row => {
    const size = stepBytes.find(item => item.engine === row.engine && item.precision === row.precision);
    return size ? [{ ...row, bytes: size.weightBytes + size.kvBytesPerPosition * row.contextTokens }] : [];
  });
  if (!roofs.length || !points.length) {
    return null;
  }

  const box = { left: 70, right: 700, top: 60, bottom: 360 };
  const x = scale(Math.min(...points.map(point => point.bytes)) / 1.5, Math.max(...points.map(point => point.bytes)) * 1.5, box.left, box.right);
  const speeds = [...points.map(point => point.median), ...roofs.map(roof => (roof.best * 1e9) / x.from)];
  const y = scale(Math.min(...speeds) / 1.5, Math.max(...speeds) * 1.4, box.bottom, box.top);
  const parts = [
    `<clipPath id="box"><rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}"/></clipPath>`,
    ...ticks(x).flatMap(value => [
      `<line class="grid" x1="${round(x(value))}" x2="${round(x(value))}" y1="${box.top}" y2="${box.bottom}"/>`,
      text(x(value), box.bottom + 18, number(value / 1e6), { 'text-anchor': 'middle', class: 'soft' }),
    ]),
    ...ticks(y).flatMap(value => [
      `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${round(y(value))}" y2="${round(y(value))}"/>`,
      text(box.left - 8, y(value) + 4, number(value), { 'text-anchor': 'end', class: 'soft' }),
    ]),
    ...roofs.flatMap(roof => [
      `<line class="roof" clip-path="url(#box)" x1="${box.left}" y1="${round(y((roof.best * 1e9) / x.from))}" x2="${box.right}" y2="${round(y((roof.best * 1e9) / x.to))}"/>`,
      text(box.left + 24, y((roof.best * 1e9) / x.from) - 2, `${number(roof.best)} GB/s, ${roof.threads} ${roof.threads === 1 ? 'thread' : 'threads'}`),
    ]),
    ...points.flatMap(point => [
      `<circle class="${classOf(point.engine)}" cx="${round(x(point.bytes))}" cy="${round(y(point.median))}" r="5"><title>${escape(`${point.engine}, ${point.weights}, context ${point.contextTokens}: ${number(point.median)} tokens/s, ${number(point.bytes / 1e6)} MB a token`)}</title></circle>`,
      text(x(point.bytes) + 8, y(point.median) + 4, `${point.precision}, ${number(point.contextTokens)}`, { 'font-size': 9, class: 'soft' }),
    ]),
    text((box.left + box.right) / 2, box.bottom + 38, 'MB that a token reads: weights, keys and values', { 'text-anchor': 'middle', class: 'soft' }),
    `<text class="soft" transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle">tokens/s</text>`,
  ];
  return page('Roofline: what reading memory allows and what was measured', 720, 410, [...legend(points.map(point => point.engine)), ...parts]);
}

function page(title, width, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`
    + `<title>${escape(`${title}; ${model}`)}</title>\n<style>\n`
    + '.back{fill:#fff} text{fill:#222} .soft{fill:#555} .strong{font-weight:600} .axis{stroke:#888} .grid{stroke:#e6e6e6} .roof{stroke:#222;stroke-width:1.5;stroke-dasharray:5 4}\n'
    + '.own{fill:#0b6e99} .llama{fill:#c9702b} .transformers{fill:#7a7a7a}\n'
    + '@media (prefers-color-scheme: dark){.back{fill:#14171a} text{fill:#e8e8e8} .soft{fill:#aaa} .axis{stroke:#777} .grid{stroke:#2b3035} .roof{stroke:#e8e8e8} .own{fill:#45b1dd} .llama{fill:#e59a5c} .transformers{fill:#9a9a9a}}\n'
    + `</style>\n<rect class="back" width="100%" height="100%"/>\n${text(20, 24, title, { 'font-size': 15, class: 'strong' })}\n${parts.join('\n')}\n</svg>\n`;
}

function legend(names) {
  return engines.filter(engine => names.includes(engine)).flatMap((engine, index) => [
    `<rect class="${classOf(engine)}" x="${20 + index * 120}" y="36" width="12" height="12"/>`,
    text(38 + index * 120, 46, engine, { class: 'soft' }),
  ]);
}

function scale(from, to, start, end) {
  const place = value => start + ((Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))) * (end - start);
  return Object.assign(place, { from, to });
}

/** 1, 2 and 5 of each power of ten that lie within. */
function ticks({ from, to }) {
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    found.push(...[1, 2, 5].map(step => step * power).filter(value => value >= from && value <= to));
  }

  return found;
}

function text(x, y, content, attributes = {}) {
  const all = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join('');
  return `<text x="${round(x)}" y="${round(y)}"${all}>${escape(content)}</text>`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function number(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function classOf(engine) {
  return { LongWriter: 'own', 'llama.cpp': 'llama', 'transformers.js': 'transformers' }[engine];
}

function distinct(values) {
  return [...new Set(values)];
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function round(value) {
  return Number(value.toFixed(1));
}

function escape(content) {
  return content.replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark]);
}
