import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { unpack } from '#tests/features/review/packs/support.ts';
import { covered, reviewBy } from '#tests/features/review/support.ts';
import { registered, signersOf, witnessesBy } from '#tests/features/review/witnesses/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');

/** A lead makes a pack before any desk has cosigned, and after two have. */
describe('what a pack rests on, through the screen', () => {
  let hub: TestHub;
  let operation: Operation;
  let browser: Browser;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    hub = await startHub();
    operation = await hub.operation('GLACIER', { chanida: 'officer' });
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stopHubs();
  });

  async function openDialog(options: Parameters<typeof Screen.open>[1] = {}): Promise<Screen> {
    const tan = await Screen.open(browser, options);
    await tan.signInAs(hub.url, 'Tan Wei');
    const room = await tan.page.getByRole('link', { name: /GLACIER/ }).getAttribute('href');
    await tan.page.goto(`${hub.url}${room}/review`);
    await tan.page.getByRole('textbox', { name: /Purpose/ }).fill('Request of the court.');
    await tan.page.getByRole('button', { name: 'Begin reading' }).click();
    await tan.page.getByRole('button', { name: 'Evidence pack' }).click();
    return tan;
  }

  const dialogOf = ({ page }: Screen) => page.getByRole('dialog', { name: 'Evidence pack' });

  /** Two desks cosign the newest checkpoint, and are the quorum; then two more entries come. */
  async function cosign(): Promise<number> {
    const [lead, thai] = await Promise.all([hub.signIn('tan.wei'), hub.signIn('chanida')]);
    const witnesses = [
      await registered(lead, 'SG-CCD', operation),
      await registered(thai, 'TH-CCIB', operation),
    ];
    await witnessesBy(lead, operation).setQuorum(
      witnesses.map(({ id }) => id),
      2,
    );
    const { head } = await reviewBy(lead, operation).checkpoint();
    const { size, note } = await covered(lead, operation, head);
    for (const witness of witnesses) expect((await witness.cosign(note)).status).toBe(200);
    for (const text of ['One.', 'Two.']) await reviewBy(lead, operation).say(text, operation.main);
    return size;
  }

  test('[RC-80] the dialog says plainly that nobody has cosigned, then suggests the cosigned checkpoint', {
    timeout: 180_000,
  }, async () => {
    const tan = await openDialog();
    const dialog = dialogOf(tan);
    await dialog.getByRole('note').getByText('No desk has cosigned this record').waitFor();
    await tan.shot('01-nobody-light', 'cosigned-pack');
    const size = await cosign();
    const suggested = dialog.getByRole('radio', { name: /^Cosigned/ });
    await suggested.waitFor({ timeout: 40_000 });
    expect(await suggested.isChecked()).toBe(true);
    const says = await dialog.locator('label').filter({ hasText: 'Cosigned by' }).innerText();
    expect(says).toContain(`The first ${size} entries`);
    expect(says).toContain('Cosigned by SG-CCD, TH-CCIB; the quorum of 2 of 2 is met.');
    expect(says).toMatch(/\d+ newer entries stay out\./);
    await tan.shot('02-cosigned-light', 'cosigned-pack');
    await dialog.getByRole('combobox', { name: 'Officer' }).selectOption(hub.officerId('chanida'));
    await dialog.getByRole('textbox', { name: /Purpose/ }).fill('Case 24/1187');
    const arrives = tan.page.waitForEvent('download', { timeout: 120_000 });
    await dialog.getByRole('button', { name: 'Make the pack' }).click();
    const file = path.join(hub.folder, 'pack.zip');
    await (await arrives).saveAs(file);
    const note = String(unpack(fs.readFileSync(file)).get('data/log/checkpoint'));
    expect(note.split('\n')[1]).toBe(String(size));
    expect(signersOf(note).slice(1)).toEqual(['witness/SG-CCD', 'witness/TH-CCIB']);
    expect(tan.complaints).toEqual([]);

    const phone = await openDialog({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    const radio = phone.page.getByRole('radio', { name: /^Cosigned/ });
    await phone.page.getByRole('radio', { name: /A time/ }).check();
    await dialogOf(phone).getByLabel('From, UTC').fill('2026-01-01T00:00');
    await dialogOf(phone).getByLabel('Until, UTC').fill('2099-01-01T00:00');
    await phone.page.getByText('This time ends after that checkpoint was signed.').waitFor();
    await radio.scrollIntoViewIfNeeded();
    await phone.shot('03-cosigned-phone-dark', 'cosigned-pack');
    await phone.page.getByRole('radio', { name: /^Newest/ }).check();
    await phone.page
      .getByText('This time ends after that checkpoint was signed.')
      .waitFor({ state: 'detached' });
    expect(phone.complaints).toEqual([]);
  });
});
