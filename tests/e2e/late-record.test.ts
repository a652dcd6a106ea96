import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { memoryBus } from '#server/platform/bus/memory.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readReceiptKeys } from '#shared/contracts/record-log.ts';
import type { Clock, Millis } from '#shared/kernel/clock.ts';
import { covered, reviewBy } from '#tests/features/review/support.ts';
import { type DeskWitness, registered, witnessesBy } from '#tests/features/review/witnesses/support.ts';
import { type HubOptions, type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
const MINUTE: Millis = 60_000;

/**
 * An officer's page on a node that does not sign, beside one that does. First the desks' witnesses stop, then the signer;
 * both come back. Time is moved on, in the page and on the nodes alike; nobody waits for it.
 */
describe('what does not come in time, through the screen', () => {
  let node: TestHub;
  let signer: TestHub;
  let signs: HubOptions;
  let operation: Operation;
  let browser: Browser;
  let tan: Screen;
  let witnesses: DeskWitness[];
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
    operation = await node.operation('GLACIER', { chanida: 'officer' });
    browser = await openBrowser();
    tan = await Screen.open(browser);
    await tan.page.clock.install();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stopHubs();
  });

  /** On every clock: that of the page fires what is due on the way once. */
  async function pass(period: Millis): Promise<void> {
    ahead += period;
    await tan.page.clock.fastForward(period);
  }

  /** Step by step: what the page was doing before the first one takes its own time. */
  async function passUntil(shown: Locator): Promise<void> {
    const seen = async () => {
      await pass(MINUTE / 4);
      return shown.count();
    };
    await expect.poll(seen, { timeout: 30_000, interval: 500 }).toBeGreaterThan(0);
  }

  async function cosignAll(): Promise<void> {
    for (const witness of witnesses) {
      const note = (await witness.checkpoint()).note ?? '';
      const at = Math.floor(clock.now() / 1000);
      expect((await witness.cosign(note, { at })).status).toBe(200);
    }
  }

  const say = async (text: string) => {
    await tan.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await tan.page.keyboard.press('Enter');
    await tan.page.getByText(text).first().waitFor();
  };

  /** The keys for receipts of both nodes stand on the hub's record, and that is signed. */
  async function certified(): Promise<void> {
    const officer = await node.signIn('tan.wei');
    const keys = () => officer.must<ReplyOf<typeof readReceiptKeys>>('GET', '/hub/receipt-keys');
    await expect.poll(async () => (await keys()).keys.length, { timeout: 20_000 }).toBe(2);
  }

  test('[RC-68] witnesses that stop are an alarm after 15 minutes, which ends when they cosign again', {
    timeout: 180_000,
  }, async () => {
    const [lead, thai] = await Promise.all([node.signIn('tan.wei'), node.signIn('chanida')]);
    witnesses = [await registered(lead, 'SG-CCD', operation), await registered(thai, 'TH-CCIB', operation)];
    await witnessesBy(lead, operation).setQuorum(
      witnesses.map(({ id }) => id),
      2,
    );
    const { head } = await reviewBy(lead, operation).checkpoint();
    await covered(lead, operation, head);
    await cosignAll();
    const { page } = tan;
    await tan.signInAs(node.url, 'Tan Wei');
    await page.getByRole('link', { name: /GLACIER/ }).click();
    await page.getByRole('button', { name: /Cosigned\s+SG TH/ }).waitFor();
    const alarm = page.getByRole('alert', { name: /^No quorum for/ });
    await pass(14 * MINUTE);
    await page.getByRole('button', { name: /14 min ago/ }).waitFor();
    expect(await alarm.count()).toBe(0);
    await pass(2 * MINUTE);
    await alarm.waitFor();
    expect(await alarm.innerText()).toContain('have not cosigned this record for more than 15 minutes');
    await tan.shot('01-no-quorum-light', 'late-record');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await tan.shot('02-no-quorum-phone-dark', 'late-record');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 860 });
    // The page came back after the leap, which is an entry: one that has not waited for its signature yet.
    expect(await page.getByRole('alert', { name: /^Nothing signed for/ }).count()).toBe(0);
    await cosignAll();
    await pass(MINUTE / 2);
    await alarm.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Cosigned\s+SG TH/ }).waitFor();
    expect(tan.complaints).toEqual([]);
  });

  test('[RC-55] [RC-68] a receipt that nothing covers in time is an alarm, and so is a record that nobody signs; both end when it is signed', {
    timeout: 180_000,
  }, async () => {
    const { page } = tan;
    const promised = page.getByRole('alert').filter({ hasText: 'does not keep what the hub promised' });
    await say('While it is signed.');
    await certified();
    await pass(MINUTE / 2);
    await page
      .getByText(/Verified here|Cosigned/)
      .first()
      .waitFor();
    expect(await promised.count()).toBe(0);
    await signer.halt();
    await say('Nobody signs this.');
    // One or more: a page that comes back after the leap is given one for entering, too.
    await passUntil(promised.getByText(/over a minute old, and no signed record covers/));
    await tan.shot('03-receipt-light', 'late-record');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      promised.getByRole('button', { name: 'Save receipts as evidence' }).click(),
    ]);
    const notes: string[] = JSON.parse(fs.readFileSync(await file.path(), 'utf8'));
    const begins = `muster-receipt/v2\n${node.hub.logOrigin}/op/${operation.id}\n`;
    expect([notes.length > 0, notes.every((note) => note.startsWith(begins))]).toEqual([true, true]);
    const unsigned = page.getByRole('alert', { name: /^Nothing signed for/ });
    await passUntil(unsigned);
    await tan.shot('04-unsigned-light', 'late-record');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await tan.shot('05-unsigned-phone-dark', 'late-record');
    signer = await startHub(signs);
    await unsigned.waitFor({ state: 'detached', timeout: 60_000 });
    await promised.waitFor({ state: 'detached', timeout: 60_000 });
    expect(tan.complaints).toEqual([]);
  });
});
