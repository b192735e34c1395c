import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const chromiumAbsent = !existsSync(EXECUTABLE);
if (chromiumAbsent) {
  console.warn(
    `there is no chromium at ${EXECUTABLE} (or $CHROMIUM): the HTML report is not looked at`,
  );
}

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}

/** An opened page, and all that must not have happened when the test is over. */
export interface OpenedPage {
  readonly page: Page;
  /** What the console said, what was thrown, which addresses other than the file's were asked for. */
  readonly faults: readonly string[];
}

/** Opens a file as a user does, by a double click. */
export async function openPage(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const file = pathToFileURL(path).href;
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', ({ message }) => faults.push(`thrown: ${message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== file) faults.push(`request: ${request.url()}`);
  });
  page.on('websocket', (socket) => faults.push(`socket: ${socket.url()}`));
  await page.goto(file);
  return { page, faults };
}
