import fs from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { mustHave } from '#tests/support/services.ts';

const shots = path.resolve(import.meta.dirname, '../../test-results');

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: mustHave('chromium'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One person at one screen, with what their page complained of. */
export class Screen {
  readonly page: Page;
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // A page that asks who is signed in is told 401 until somebody is; the browser prints that.
      if (message.type() === 'error' && !/status of 401/.test(text)) this.complaints.push(text);
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Screen> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 860 },
      acceptDownloads: true,
      ...options,
    });
    context.setDefaultTimeout(45_000);
    return new Screen(await context.newPage());
  }

  /** Kept for people to look at, under test-results/. */
  async shot(name: string, folder = 'story'): Promise<void> {
    fs.mkdirSync(path.join(shots, folder), { recursive: true });
    await this.page.screenshot({ path: path.join(shots, folder, `${name}.png`), animations: 'disabled' });
  }

  async signInAs(url: string, name: string): Promise<void> {
    await this.page.goto(url);
    await this.page.getByRole('button', { name: `Sign in as ${name}` }).click();
    await this.page.getByRole('link', { name: /GLACIER/ }).waitFor();
  }

  async enterRoom(): Promise<void> {
    await this.page.getByRole('link', { name: /GLACIER/ }).click();
    await this.page.getByRole('application').getByRole('group').first().waitFor();
  }

  panel(name: RegExp): Promise<void> {
    return this.page.getByRole('tab', { name }).click();
  }

  card(name: RegExp) {
    return this.page.getByRole('application').getByRole('group', { name });
  }
}
