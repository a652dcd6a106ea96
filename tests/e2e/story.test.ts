import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
const root = path.resolve(import.meta.dirname, '../..');

const pasted = `Two more from the same kit:
hxxps://pay-fee[.]loan-fast[.]example/otp and login[.]loan-fast[.]example (198.51.100[.]23).
Contact was +65 8123 4567.`;

/** Three officers of three countries work in three browsers; an auditor reviews and verifies what they did. */
describe('the main job, through the screen', () => {
  let exercise: ExerciseProcess;
  let browser: Browser;
  let tan: Screen;
  let chanida: Screen;
  let bruno: Screen;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
    [tan, chanida, bruno] = await Promise.all([
      Screen.open(browser),
      Screen.open(browser, { colorScheme: 'dark' }),
      Screen.open(browser),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (exercise !== undefined)
      expect(await exercise.stop(), 'a hub that is asked to stop ends well').toBe(0);
  });

  test('three officers sign in with one click and enter the room', async () => {
    await tan.page.goto(exercise.url);
    await tan.page.getByRole('button', { name: 'Sign in as Tan Wei' }).waitFor();
    await tan.shot('01-sign-in');
    await tan.signInAs(exercise.url, 'Tan Wei');
    await tan.shot('02-operations');
    await chanida.signInAs(exercise.url, 'Chanida Prasert');
    await bruno.signInAs(exercise.url, 'Bruno Lefevre');
    await Promise.all([tan.enterRoom(), chanida.enterRoom(), bruno.enterRoom()]);
    await tan.page.getByRole('img', { name: '2 officers are here' }).waitFor();
    await tan.page.getByText('EXERCISE').waitFor();
  });

  test('[BD-1] what one officer draws, the others see and change, and the screen says saved', async () => {
    await tan.page.getByRole('button', { name: 'Add: Note' }).click();
    await tan.page.mouse.click(760, 470);
    await tan.page.getByRole('textbox', { name: 'Text' }).fill('Warrant for the Da Nang counter is signed.');
    await tan.page.keyboard.press('Escape');
    const note = /Note: Warrant for the Da Nang counter/;
    await chanida.card(note).waitFor();
    await chanida.card(note).dblclick();
    await chanida.page.getByRole('textbox', { name: 'Title' }).fill('Warrant');
    await tan.card(/Note: Warrant\. .*Chanida/).waitFor();
    await tan.shot('03-board-light');
    await chanida.page.keyboard.press('Escape');
    await chanida.shot('04-board-dark');
    await bruno.card(/Note: Warrant\./).waitFor();
    await tan.page.getByRole('contentinfo').getByText('All saved').waitFor();
  });

  test('[IN-53] pasted, defanged text becomes indicators after a look at every row', async () => {
    await bruno.panel(/Register/);
    await bruno.page.getByRole('button', { name: 'Import' }).click();
    await bruno.page.getByRole('textbox', { name: 'Text with indicators in it' }).fill(pasted);
    await bruno.page.getByRole('button', { name: 'Read it' }).click();
    await bruno.page.getByText('pay-fee[.]loan-fast[.]example').first().waitFor();
    await bruno.page.getByRole('button', { name: /^Write \d+ indicators$/ }).waitFor();
    await bruno.shot('05-import-preview');
    await bruno.page.getByRole('button', { name: /^Write \d+ indicators$/ }).click();
    await bruno.page.getByText(/indicators are in the register/).waitFor();
    await bruno.page.keyboard.press('Escape');
    await chanida.panel(/Register/);
    await chanida.page.getByRole('searchbox', { name: 'Search the register' }).fill('loan-fast[.]example');
    await chanida.page.getByRole('listitem').filter({ hasText: 'login[.]loan-fast[.]example' }).waitFor();
    await chanida.shot('06-register-dark');
  });

  test('[CH-1] what is said reaches everybody, with its marking', async () => {
    await chanida.panel(/Chat/);
    await chanida.page.getByRole('textbox', { name: 'Message' }).fill('Counter is watched from 20:00 local.');
    await chanida.page.keyboard.press('Enter');
    await tan.page
      .getByRole('article')
      .filter({ hasText: 'Counter is watched from 20:00 local.' })
      .getByText('TLP:AMBER')
      .waitFor();
    await tan.page.getByRole('textbox', { name: 'Message' }).fill('Noted. We close at H+2.');
    await tan.page.keyboard.press('Enter');
    await bruno.panel(/Chat/);
    await bruno.page.getByText('Noted. We close at H+2.').waitFor();
  });

  test('the room fits a phone, in both schemes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await Screen.open(browser, {
        viewport: { width: 390, height: 844 },
        colorScheme,
        hasTouch: true,
      });
      await phone.page.goto(exercise.url);
      await phone.page.getByRole('button', { name: 'Sign in as Aisyah Karim' }).waitFor();
      await phone.shot(`07-phone-sign-in-${colorScheme}`);
      await phone.signInAs(exercise.url, 'Aisyah Karim');
      await phone.page.getByRole('link', { name: /GLACIER/ }).click();
      await phone.page.getByRole('navigation', { name: 'Places' }).waitFor();
      await phone.shot(`08-phone-room-${colorScheme}`);
      await phone.page.getByRole('button', { name: 'Register' }).click();
      await phone.page.getByRole('searchbox', { name: 'Search the register' }).waitFor();
      await phone.shot(`09-phone-register-${colorScheme}`);
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide, 'nothing is wider than the phone').toBe(false);
      await phone.page.context().close();
    }
  });

  test('[AC-9] the lead closes the operation, and it is read-only for everybody at once', async () => {
    await tan.panel(/People/);
    await tan.shot('10-people');
    await tan.page.getByRole('button', { name: 'Course, holds and dates' }).click();
    await tan.page.getByRole('button', { name: 'Close the operation' }).click();
    const dialog = tan.page.getByRole('dialog', { name: 'Close GLACIER?' });
    await dialog.getByRole('textbox', { name: /confirm/ }).fill('GLACIER');
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('Action day is over.');
    await tan.shot('11-close');
    await dialog.getByRole('button', { name: 'Close the operation' }).click();
    await dialog.waitFor({ state: 'detached' });
    await tan.page.keyboard.press('Escape');
    for (const screen of [tan, chanida, bruno])
      await screen.page.getByRole('banner').getByText('CLOSED').waitFor();
    await bruno.page
      .getByText('The operation is closed. The chat can be read, nothing can be added.')
      .waitFor();
  });

  test('[RC-44] the auditor reviews the record, and the browser verifies it', async () => {
    const helena = await Screen.open(browser);
    await helena.signInAs(exercise.url, 'Helena Marsh');
    await helena.enterRoom();
    await helena.page.getByRole('button', { name: 'Review of the record' }).click();
    await helena.page.getByRole('textbox', { name: /Purpose/ }).fill('Review after the action day.');
    await helena.page.getByRole('button', { name: 'Begin reading' }).click();
    await helena.page.getByText(/^Verified here: checkpoint/).waitFor();
    await helena.page.getByLabel('Verified', { exact: true }).first().waitFor();
    await helena.shot('12-review');
    await helena.page.getByRole('combobox', { name: 'Country' }).selectOption('TH');
    await helena.page
      .getByText(/\d+ entries/)
      .first()
      .waitFor();
    await helena.shot('13-review-thailand');
    await helena.page.getByRole('button', { name: 'Export the record' }).click();
    const arrives = helena.page.waitForEvent('download');
    await helena.page
      .getByRole('dialog')
      .getByRole('button', { name: /Export/ })
      .click();
    const file = path.join(exercise.folder, 'record.jsonl');
    await (await arrives).saveAs(file);
    const verify = (given: string) =>
      spawnSync(process.execPath, [path.join(root, 'dist/verify.js'), given], { encoding: 'utf8' });
    expect(verify(file)).toMatchObject({ status: 0 });
    const bytes = fs.readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    fs.writeFileSync(`${file}.changed`, bytes);
    const refused = verify(`${file}.changed`);
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toMatch(/entry \d+/);
    const dark = await Screen.open(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await dark.signInAs(exercise.url, 'Helena Marsh');
    await dark.page.goto(helena.page.url());
    await dark.page.getByRole('button', { name: 'Begin reading' }).click();
    await dark.page.getByText(/^Verified here: checkpoint/).waitFor();
    await dark.shot('14-phone-review-dark');
    expect([tan, chanida, bruno, helena].flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
