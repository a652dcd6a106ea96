import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
vi.setConfig({ testTimeout: 120_000 });
const root = path.resolve(import.meta.dirname, '../..');
const NAME = 'TUNDRA';

/** As the page that offers the certificate says: npm run verify -- certificate <file> --key <key>. */
function checkedByCommand(file: string, key: string) {
  const command = ['run', '--silent', 'verify', '--', 'certificate', file, '--key', key];
  const { status, stdout, stderr } = spawnSync('npm', command, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** One operation from its plan to the certificate of its purge, as a lead and an auditor of another desk do it. */
describe('the course of an operation, through the screen', () => {
  let exercise: ExerciseProcess;
  let browser: Browser;
  let tan: Screen;
  let helena: Screen;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
    [tan, helena] = await Promise.all([
      Screen.open(browser),
      Screen.open(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (exercise !== undefined) await exercise.stop();
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'lifecycle');
  const pill = (screen: Screen, state: string) =>
    screen.page.getByText(state, { exact: true }).first().waitFor();

  /** Opens what stands over the room, unless it is open. */
  async function course(screen: Screen): Promise<void> {
    await screen.panel(/People/);
    await screen.page.getByRole('button', { name: 'Course, holds and dates' }).click();
    await screen.page.getByRole('dialog', { name: `Course of ${NAME}` }).waitFor();
  }

  async function decide(
    screen: Screen,
    open: string,
    title: RegExp,
    more: 'typed' | 'no reason' | null = null,
  ) {
    await screen.page.getByRole('button', { name: open, exact: true }).click();
    const dialog = screen.page.getByRole('dialog', { name: title });
    if (more !== 'no reason') await dialog.getByRole('textbox', { name: /Reason/ }).fill(`We ${open}.`);
    if (more !== null) await dialog.getByRole('textbox', { name: /to confirm/ }).fill(NAME);
    await dialog.getByRole('button', { name: open, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  test('[LC-5] a lead plans an operation, and adds an auditor of another desk', async () => {
    await tan.signInAs(exercise.url, 'Tan Wei');
    await tan.page.getByRole('button', { name: 'Open an operation' }).click();
    await tan.page.getByRole('textbox', { name: 'Operation name' }).fill(NAME);
    await tan.page.getByRole('textbox', { name: 'Purpose' }).fill('Loan fraud, second wave.');
    await tan.page.getByRole('radio', { name: /Planned/ }).check();
    await shot(tan, '01-create');
    await tan.page.getByRole('button', { name: 'Open operation' }).click();
    await pill(tan, 'PLANNED');
    await tan.page.getByText('planned and not yet live').waitFor();
    await tan.panel(/People/);
    await tan.page.getByRole('button', { name: 'Add a member' }).click();
    const dialog = tan.page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('Helena');
    await dialog.getByRole('button', { name: /Helena Marsh/ }).click();
    await dialog.getByRole('radio', { name: /Auditor/ }).check();
    await dialog.getByRole('button', { name: 'Add member' }).click();
    await dialog.waitFor({ state: 'detached' });
    await tan.panel(/Chat/);
    await tan.page.getByRole('textbox', { name: 'Message' }).fill('The zebrafish account opens on Monday.');
    await tan.page.keyboard.press('Enter');
    await tan.page.getByText('The zebrafish account opens on Monday.').waitFor();
    await shot(tan, '02-planned');
  });

  test('[LC-2] [LC-8] it goes live, is closed, reviewed and archived, each with its reason', async () => {
    await course(tan);
    await shot(tan, '03-course');
    await decide(tan, 'Go live', /go live/);
    await tan.page.getByRole('button', { name: 'Close the operation' }).click();
    await shot(tan, '04-close');
    await tan.page
      .getByRole('dialog', { name: /^Close/ })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await decide(tan, 'Close the operation', /^Close/, 'typed');
    await tan.page.getByText('This operation is closed.').waitFor();
    await decide(tan, 'Begin the review', /Begin the review/);
    await tan.page.getByText('This operation is under review.').waitFor();
    await shot(tan, '05-review');
    await decide(tan, 'Archive', /^Archive/);
    await tan.page.getByRole('heading', { name: 'This operation is archived' }).waitFor();
    await shot(tan, '06-archived');
  });

  test('[LC-9] [LC-10] the archive is a list of its own, and is read for a purpose', async () => {
    await tan.page.getByRole('textbox', { name: 'Purpose' }).fill('Request 4/26 of the High Court.');
    await tan.page.getByRole('button', { name: 'State the purpose and read' }).click();
    await tan.page.getByText('You read an archived operation').waitFor();
    await tan.page.getByText('The zebrafish account opens on Monday.').waitFor();
    await shot(tan, '07-archive-read');
    await tan.page.goto(exercise.url);
    await tan.page.getByRole('link', { name: /GLACIER/ }).waitFor();
    expect(await tan.page.getByRole('link', { name: new RegExp(NAME) }).count()).toBe(0);
    await tan.page.getByRole('tab', { name: 'Archive' }).click();
    await tan.page.getByRole('link', { name: new RegExp(NAME) }).waitFor();
    await shot(tan, '08-archive-list');
    await tan.page.getByRole('link', { name: new RegExp(NAME) }).click();
  });

  test('[LC-11] [LC-12] a hold blocks the purge until it is lifted', async () => {
    await course(tan);
    await tan.page.getByText('No hold stands in the way of a purge.').waitFor();
    expect(await tan.page.getByText(/possible once the operation is archived/i).count()).toBe(0);
    await tan.page.getByRole('button', { name: 'Set a hold' }).click();
    const dialog = tan.page.getByRole('dialog', { name: /^Set a legal hold/ });
    await dialog.getByRole('textbox', { name: /Authority/ }).fill('High Court of Singapore');
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('Order 12/2026.');
    await shot(tan, '09-hold');
    await dialog.getByRole('button', { name: 'Set a hold' }).click();
    await dialog.waitFor({ state: 'detached' });
    await pill(tan, 'LEGAL HOLD');
    await tan.page.getByText('No purge can be asked for or confirmed.').waitFor();
    expect(await tan.page.getByRole('button', { name: 'Ask for a purge' }).isDisabled()).toBe(true);
    await shot(tan, '10-held');
    await tan.page.getByRole('button', { name: 'Lift', exact: true }).click();
    const lifting = tan.page.getByRole('dialog', { name: /^Lift the hold/ });
    await lifting.getByRole('textbox', { name: /Reason/ }).fill('The appeal is over.');
    await lifting.getByRole('button', { name: 'Lift the hold' }).click();
    await lifting.waitFor({ state: 'detached' });
    await tan.page.getByRole('button', { name: 'Ask for a purge' }).click();
    await shot(tan, '11-ask-purge');
    await tan.page.keyboard.press('Escape');
    await decide(tan, 'Ask for a purge', /^Ask for the purge/, 'typed');
    await tan.page.getByText(/An officer of another desk than/).waitFor();
    await shot(tan, '12-asked');
  });

  test('[LC-16] [LC-22] [LC-23] another desk confirms; the certificate is verified by the command line', async () => {
    await helena.signInAs(exercise.url, 'Helena Marsh');
    await helena.page.goto(`${exercise.url}/?archive`);
    await helena.page.getByRole('link', { name: new RegExp(NAME) }).click();
    await helena.page.getByRole('heading', { name: 'This operation is archived' }).waitFor();
    await shot(helena, '13-phone-archived-dark');
    await decide(helena, 'Confirm the purge', /^Destroy the contents/, 'no reason');
    await helena.page.getByRole('button', { name: 'Download the certificate' }).waitFor({ timeout: 60_000 });
    await shot(helena, '14-phone-purged-dark');
    await tan.page.getByText('The contents of this operation are destroyed').waitFor({ timeout: 60_000 });
    await tan.page.getByRole('button', { name: 'Download the certificate' }).waitFor({ timeout: 60_000 });
    await shot(tan, '15-purged');
    const arrives = tan.page.waitForEvent('download');
    await tan.page.getByRole('button', { name: 'Download the certificate' }).click();
    const file = path.join(exercise.folder, 'certificate.txt');
    await (await arrives).saveAs(file);
    const key = (await tan.page.locator('code').first().textContent()) ?? '';
    const verified = checkedByCommand(file, key);
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).toMatch(/^GOOD: signed with the key given\./);
    expect(verified.stdout).toContain(NAME);
    const bytes = fs.readFileSync(file);
    const inReason = bytes.indexOf('"reason":"') + '"reason":"'.length;
    // In what it says, in its form, and in the signature under it.
    const flips = [
      [inReason, /^NOT GOOD: the signature of the record is missing or wrong\.\n$/],
      [0, /^NOT GOOD: this is no certificate, or it was changed\.\n$/],
      [bytes.length - 6, /^NOT GOOD: the signature of the record is missing or wrong\.\n$/],
    ] as const;
    for (const [at, says] of flips) {
      const flipped = path.join(exercise.folder, `flipped-${at}.txt`);
      fs.writeFileSync(flipped, bytes.with(at, (bytes[at] ?? 0) ^ 1));
      const refused = checkedByCommand(flipped, key);
      expect({ at, status: refused.status }).toEqual({ at, status: 1 });
      expect(refused.stdout).toMatch(says);
    }
    const wide = await helena.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, 'nothing is wider than the phone').toBe(false);
    // The browser itself prints each answer that is a refusal; nothing else may be complained of.
    const complaints = [tan, helena].flatMap((screen) => screen.complaints);
    expect(complaints.filter((text) => !/status of (403|409|410|503)/.test(text))).toEqual([]);
  });
});
