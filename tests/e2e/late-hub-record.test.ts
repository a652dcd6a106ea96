import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { memoryBus } from '#server/platform/bus/memory.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readReceiptKeys } from '#shared/contracts/record-log.ts';
import type { Clock, Millis } from '#shared/kernel/clock.ts';
import { type HubOptions, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
const STEP: Millis = 15_000;

/** A hub that acknowledges on its own record and then leaves it out: nobody signs it. Time is moved on, not waited for. */
describe('the hub’s own record, through the screen', () => {
  let node: TestHub;
  let signer: TestHub;
  let signs: HubOptions;
  let browser: Browser;
  let tan: Screen;
  let ahead: Millis = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    const bus = memoryBus();
    node = await startHub({ bus, clock, signer: false });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-signer-'));
    const secret = path.join('data', 'secret.key');
    fs.cpSync(path.join(node.folder, secret), path.join(folder, secret), { recursive: true });
    signs = { bus, clock, folder, sharedStore: { ...node.store, close: async () => undefined } };
    signer = await startHub(signs);
    await node.operation('GLACIER');
    browser = await openBrowser();
    tan = await Screen.open(browser);
    await tan.page.clock.install();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stopHubs();
  });

  async function pass(): Promise<void> {
    ahead += STEP;
    await tan.page.clock.fastForward(STEP);
  }

  test('[RC-91] a promise about it that nothing covers in time is an alarm on every page, and ends when it is kept', {
    timeout: 180_000,
  }, async () => {
    const officer = await node.signIn('sari');
    const keys = () => officer.must<ReplyOf<typeof readReceiptKeys>>('GET', '/hub/receipt-keys');
    const isKnown = async () => (await keys()).keys.filter(({ covered }) => covered).length;
    await expect.poll(isKnown, { timeout: 20_000 }).toBe(2);

    const { page } = tan;
    const alarm = page.getByRole('alert').filter({ hasText: 'The hub’s own record does not keep' });
    await tan.signInAs(node.url, 'Tan Wei');
    const proved = page.waitForResponse((response) => response.url().includes('/hub/log/places'));
    await pass();
    await proved;
    for (let step = 0; step < 6; step++) await pass();
    expect(await alarm.count(), 'what is signed in time').toBe(0);

    await signer.halt();
    await page.getByRole('button', { name: 'You: Tan Wei' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in as Tan Wei' }).waitFor();
    await tan.signInAs(node.url, 'Tan Wei');
    const late = async () => {
      await pass();
      return alarm.count();
    };
    await expect.poll(late, { timeout: 60_000, interval: 500 }).toBe(1);
    await alarm.getByText(/over a minute old, and no signed record covers/).waitFor();
    await tan.shot('01-hub-receipt-light', 'late-hub-record');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      alarm.getByRole('button', { name: 'Save receipts as evidence' }).click(),
    ]);
    const notes: string[] = JSON.parse(fs.readFileSync(await file.path(), 'utf8'));
    const begins = `muster-receipt/v2\n${node.hub.logOrigin}/hub\n`;
    expect([notes.length > 0, notes.every((note) => note.startsWith(begins))]).toEqual([true, true]);
    await page.getByRole('link', { name: /GLACIER/ }).click();
    await alarm.waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await tan.shot('02-hub-receipt-room-phone-dark', 'late-hub-record');
    signer = await startHub(signs);
    await alarm.waitFor({ state: 'detached', timeout: 60_000 });
    expect(tan.complaints).toEqual([]);
  });
});
