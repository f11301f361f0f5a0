// Takes pictures of a report.html in headless Chromium: light and dark, wide and narrow. Says where the page is wider than its window.
//
//   node eng/render-report.mjs REPORT.html FOLDER [HEIGHT]
//
// FOLDER gets report-light-1200.png and so on. HEIGHT, in pixels, cuts the pictures below; without it they show the whole page.
// CHROMIUM names the browser; the default is /usr/bin/chromium. Nothing else is needed: it is spoken to over its debugging pipe.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [page, folder, height] = process.argv.slice(2);
if (!page || !folder) {
  console.error('Usage: node eng/render-report.mjs REPORT.html FOLDER [HEIGHT]');
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'render-report-'));
const browser = startBrowser();
try {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  await send('Page.enable');
  for (const scheme of ['light', 'dark']) {
    for (const width of [1200, 400]) {
      await takePicture(send, scheme, width);
    }
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

async function takePicture(send, scheme, width) {
  await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
  const loaded = browser.event('Page.loadEventFired');
  await send('Page.navigate', { url: pathToFileURL(resolve(page)).href });
  await loaded;
  const { cssContentSize } = await send('Page.getLayoutMetrics');
  if (cssContentSize.width > width) {
    console.error(`At ${width} pixels the page is ${cssContentSize.width - width} pixels too wide.`);
    process.exitCode = 1;
  }

  const clip = { x: 0, y: 0, width, height: Math.min(cssContentSize.height, Number(height ?? Infinity)), scale: 1 };
  const { data } = await send('Page.captureScreenshot', { clip, captureBeyondViewport: true });
  writeFileSync(join(folder, `report-${scheme}-${width}.png`), Buffer.from(data, 'base64'));
}

/** A browser that is spoken to over a pipe: JSON messages that end with a zero byte, file descriptor 3 in and 4 out. */
function startBrowser() {
  const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [
    '--headless', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--hide-scrollbars', `--user-data-dir=${profile}`,
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const answers = new Map();
  const waiting = new Map();
  let last = 0;
  let rest = '';
  child.stdio[4].setEncoding('utf8').on('data', text => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    messages.forEach(message => receive(JSON.parse(message)));
  });
  child.on('exit', code => answers.forEach(({ reject }) => reject(new Error(`The browser ended with ${code}.`))));

  function receive(message) {
    const answer = answers.get(message.id);
    answers.delete(message.id);
    if (message.error) {
      answer?.reject(new Error(message.error.message));
    } else if (answer) {
      answer.resolve(message.result);
    } else {
      waiting.get(message.method)?.();
    }
  }

  return {
    send: (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
      answers.set(++last, { resolve, reject });
      child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + '\0');
    }),
    event: method => new Promise(resolve => waiting.set(method, resolve)),
    close: () => new Promise(resolve => {
      child.on('exit', resolve);
      child.stdio[3].write(JSON.stringify({ id: ++last, method: 'Browser.close' }) + '\0');
    }),
  };
}
