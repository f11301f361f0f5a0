// Takes pictures of a report.html, for docs/images and for looking at it: light and dark, wide and narrow.
//
//   LONGWRITER_SAMPLE_REPORT=artifacts/sample dotnet run --project tests/LongWriter.Core.Tests -- -class "*ReportWriterTests"
//   npm install --no-save playwright-core
//   CHROMIUM=/path/to/chromium node eng/render-report.mjs artifacts/sample/report.html artifacts/sample
//
// CHROMIUM may be any Chromium or Chrome; without it Playwright's own is used, if it is installed.
import { mkdirSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const [page, folder] = process.argv.slice(2);
if (!page || !folder) {
  console.error('Usage: node eng/render-report.mjs REPORT.html FOLDER');
  process.exit(2);
}

// Found from the working folder, so that nothing need be installed in the repository.
const { chromium } = createRequire(join(process.cwd(), 'render.cjs'))('playwright-core');
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--headless=shell', '--disable-gpu'] });
for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 400]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, offline: true });
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(resolve(page)).href);
    const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) {
      console.error(`At ${width} pixels the page is ${wider} pixels too wide.`);
      process.exitCode = 1;
    }

    await tab.screenshot({ path: join(folder, `report-${colorScheme}-${width}.png`), fullPage: true });
    await context.close();
  }
}

await browser.close();
