import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');

/** An auditor hands a pack to an officer of another country, who has nothing but Node. */
describe('an evidence pack, through the screen', () => {
  let exercise: ExerciseProcess;
  let browser: Browser;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (exercise !== undefined) expect(await exercise.stop()).toBe(0);
  });

  async function openDialog(options: Parameters<typeof Screen.open>[1] = {}): Promise<Screen> {
    const helena = await Screen.open(browser, options);
    await helena.signInAs(exercise.url, 'Helena Marsh');
    await helena.page.goto(`${exercise.url}${await linkTo(helena)}`);
    await helena.page.getByRole('textbox', { name: /Purpose/ }).fill('Request of the court.');
    await helena.page.getByRole('button', { name: 'Begin reading' }).click();
    await helena.page.getByRole('button', { name: 'Evidence pack' }).click();
    await helena.page.getByRole('dialog').waitFor();
    return helena;
  }

  async function linkTo(screen: Screen): Promise<string> {
    const room = await screen.page.getByRole('link', { name: /GLACIER/ }).getAttribute('href');
    return `${room}/review`;
  }

  test('[RC-77] the dialog asks for recipient, selection and purpose, shows progress, and says what can be checked', {
    timeout: 180_000,
  }, async () => {
    const helena = await openDialog();
    const { page } = helena;
    const dialog = page.getByRole('dialog');
    const make = dialog.getByRole('button', { name: 'Make the pack' });
    expect(await make.isDisabled()).toBe(true);
    await helena.shot('01-form', 'pack');
    const value = await dialog.locator('option', { hasText: 'Chanida' }).getAttribute('value');
    await dialog.getByRole('combobox', { name: 'Officer' }).selectOption(value ?? '');
    await dialog.getByText('State the purpose.').waitFor();
    await dialog
      .getByRole('textbox', { name: /Purpose/ })
      .fill('Case 24/1187, request of the public prosecutor');
    const arrives = page.waitForEvent('download', { timeout: 120_000 });
    await make.click();
    await dialog.getByRole('progressbar').waitFor();
    await helena.shot('02-progress', 'pack');
    const file = path.join(exercise.folder, 'pack.zip');
    await (await arrives).saveAs(file);
    await dialog.getByText(/^Saved as muster-pack-/).waitFor();
    await dialog.getByText(/--key \S+\+/).waitFor();
    await helena.shot('03-done', 'pack');
    const command = await dialog.getByText(/^node verify\.mjs/).innerText();
    const key = command.split('--key ')[1]?.trim() ?? '';
    const ran = spawnSync(process.execPath, ['dist/tools/verify.mjs', file, '--key', key], {
      encoding: 'utf8',
    });
    expect(ran.stdout).toMatch(/^INTACT: consistent, and signed with the key given\./);
    fs.mkdirSync('test-results/pack', { recursive: true });
    fs.copyFileSync(file, 'test-results/pack/pack.zip');
    expect(helena.complaints).toEqual([]);
  });

  test('[RC-77] stopped on the way, it saves nothing and says that the entry stays', {
    timeout: 180_000,
  }, async () => {
    const helena = await openDialog({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    const { page } = helena;
    const dialog = page.getByRole('dialog');
    await helena.shot('04-phone-dark', 'pack');
    await dialog.getByRole('radio', { name: /Somebody outside/ }).check();
    await dialog.getByRole('textbox', { name: /Name of the recipient/ }).fill('Court of Appeal');
    await dialog.getByRole('checkbox', { name: 'main' }).check();
    await dialog.getByRole('checkbox', { name: /I release/ }).check();
    await dialog.getByRole('radio', { name: /Some objects/ }).check();
    await dialog.getByRole('group', { name: 'Boards' }).getByRole('checkbox').first().check();
    await dialog.getByRole('textbox', { name: /Purpose/ }).fill('Case 24/1187');
    await helena.shot('05-phone-dark-outside', 'pack');
    // The reply is held back, so that there is something to stop.
    await page.route('**/packs', () => undefined);
    await dialog.getByRole('button', { name: 'Make the pack' }).click();
    await dialog.getByRole('progressbar').waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).last().click();
    await dialog.getByText('No file was saved.').waitFor();
    await helena.shot('06-phone-dark-stopped', 'pack');
    await page.unroute('**/packs');
    await dialog.getByRole('button', { name: 'Change and try again' }).click();
    expect(await dialog.getByRole('textbox', { name: /Purpose/ }).inputValue()).toBe('Case 24/1187');
    expect(helena.complaints).toEqual([]);
  });
});
