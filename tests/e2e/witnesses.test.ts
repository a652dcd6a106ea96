import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { readStatements } from '#shared/record/witness/statements.ts';
import { covered, reviewBy } from '#tests/features/review/support.ts';
import {
  type DeskWitness,
  freshKey,
  registered,
  signersOf,
  vkeyOf,
  witnessesBy,
} from '#tests/features/review/witnesses/support.ts';
import { freePort } from '#tests/support/free-port.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
const root = path.resolve(import.meta.dirname, '../..');

/** Desks watch a record in the room; then the host rolls it back, forks it and changes its key. */
describe('witnesses, through the screen', () => {
  let hub: TestHub;
  let port: number;
  let url: string;
  let operation: Operation;
  let browser: Browser;
  let tan: Screen;
  let chanida: Screen;
  let sari: Screen;
  let th: DeskWitness;
  let id: DeskWitness;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-witnesses-'));
  const later = path.join(scratch, 'backup');

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    port = await freePort();
    url = `http://localhost:${port}`;
    hub = await startHub({ port });
    operation = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer', jonas: 'officer' });
    browser = await openBrowser();
    [tan, chanida, sari] = await Promise.all([
      Screen.open(browser),
      Screen.open(browser, { colorScheme: 'dark' }),
      Screen.open(browser, { viewport: { width: 390, height: 780 } }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stopHubs();
    fs.rmSync(scratch, { recursive: true, force: true });
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'witnesses');
  const standing = (screen: Screen) =>
    screen.page.getByRole('button', { name: /[Cc]osigned|In doubt|of \d/ });

  async function enter(screen: Screen, name: string): Promise<void> {
    await screen.page.goto(url);
    const signIn = screen.page.getByRole('button', { name: `Sign in as ${name}` });
    const room = screen.page.getByRole('link', { name: /GLACIER/ });
    await signIn.or(room).first().waitFor();
    if (await signIn.isVisible()) await signIn.click();
    await room.click();
    await standing(screen).waitFor();
  }

  async function cosignAll(witnesses: readonly DeskWitness[]): Promise<void> {
    for (const witness of witnesses) {
      const { note } = await witness.checkpoint();
      expect((await witness.cosign(note ?? '')).status).toBe(200);
    }
  }

  async function say(text: string, times = 1): Promise<void> {
    const officer = await hub.signIn('tan.wei');
    for (let count = 0; count < times; count++) {
      const { seq } = await reviewBy(officer, operation).say(text, operation.main);
      await covered(officer, operation, seq + 1);
    }
  }

  async function restart(change: () => void): Promise<void> {
    await hub.halt();
    change();
    hub = await startHub({ folder: hub.folder, port });
  }

  test('[RC-56] [RC-68] a desk registers its witness on screen and is told the credential once', {
    timeout: 150_000,
  }, async () => {
    th = await registered(await hub.signIn('chanida'), 'TH-CCIB', operation);
    id = await registered(await hub.signIn('sari'), 'ID-SIBER', operation);
    await enter(tan, 'Tan Wei');
    await tan.page.getByRole('button', { name: 'Not cosigned' }).click();
    await tan.page.getByRole('button', { name: 'Register my desk’s witness' }).click();
    const dialog = tan.page.getByRole('dialog', { name: 'Register the witness of SG-CCD' });
    await dialog.getByRole('textbox').fill(vkeyOf(freshKey('witness', 'TH-CCIB')));
    await dialog.getByText('named witness/SG-CCD').waitFor();
    await shot(tan, '01-register-wrong-name');
    const key = freshKey('witness', 'SG-CCD');
    await dialog.getByRole('textbox').fill(vkeyOf(key));
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await dialog.getByText('It is shown once').waitFor();
    expect(await dialog.locator('code').first().textContent()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await shot(tan, '02-credential');
    await dialog.getByRole('button', { name: 'I have it' }).click();
  });

  test('[RC-65] [RC-83] a lead sets the quorum; the room then says who cosigned, how many of how many, and when', {
    timeout: 150_000,
  }, async () => {
    const page = tan.page;
    await page.getByRole('button', { name: 'Set the quorum' }).click();
    await page.getByRole('checkbox', { name: /SG-CCD/ }).uncheck();
    const need = page.getByRole('combobox', { name: 'It takes' });
    expect(await need.locator('option:checked').textContent()).toBe('2 of 2, suggested');
    await shot(tan, '03-quorum');
    await page
      .getByRole('dialog', { name: 'How many desks' })
      .getByRole('button', { name: 'Set the quorum' })
      .click();
    await page.getByText('Cosigned by 0 of 2 desks').first().waitFor();
    await cosignAll([th, id]);
    await page.getByText(/Cosigned by 2 of 2 desks, \d+ (s|min) ago\. It takes 2/).waitFor();
    await page.getByText('The quorum has cosigned none of its checkpoints yet.').waitFor();
    const { note } = await th.hub.checkpoint();
    for (const { hub: own } of [th, id]) expect((await own.cosign(note ?? '')).status).toBe(200);
    const block = page.locator('section', { hasText: 'The hub’s own record' });
    await block.getByText(/Cosigned by 2 of 2 desks, \d+ (s|min) ago/).waitFor();
    await page
      .getByText(/hub #\d+, \d+ s ago/)
      .first()
      .waitFor();
    await block.scrollIntoViewIfNeeded();
    await shot(tan, '04-hub-record-light');
    await shot(tan, '04-witnesses-light');
  });

  test('[RC-66] an officer’s browser cosigns by itself, and the room says that it never counts', {
    timeout: 150_000,
  }, async () => {
    const page = tan.page;
    await page.getByRole('button', { name: 'Let this browser cosign' }).click();
    await page.getByText(/This browser cosigned #\d+/).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Officer’s browser' });
    await row.getByText('never counts').waitFor();
    await row.getByText(/#\d+, \d+ s ago/).waitFor();
    await page.getByText(/Cosigned by 2 of 2 desks, .* It takes 2/).waitFor();
    const { note } = await reviewBy(await hub.signIn('tan.wei'), operation).checkpoint();
    await expect
      .poll(
        async () => signersOf((await reviewBy(await hub.signIn('tan.wei'), operation).checkpoint()).note),
        { timeout: 60_000 },
      )
      .toContain('officer-browser/SG-CCD');
    expect(note).not.toBeNull();
    const key = await page.evaluate(keptKey);
    expect(key).toEqual({ extractable: false, exported: 'InvalidAccessError' });
    await shot(tan, '05-browser-cosigns');
    await page.keyboard.press('Escape');
    await shot(tan, '06-room-light');
    await enter(chanida, 'Chanida Prasert');
    await enter(sari, 'Sari Rahma');
    await chanida.page.getByRole('button', { name: /TH ID|ID TH/ }).click();
    await shot(chanida, '07-witnesses-dark');
    await chanida.page.keyboard.press('Escape');
    await standing(sari).click();
    await shot(sari, '08-witnesses-phone');
  });

  test('[RC-68] roll-back: the room raises an alarm that nobody misses, and both notes can be saved', {
    timeout: 150_000,
  }, async () => {
    // These two look away; the third browser goes on watching.
    await chanida.page.goto('about:blank');
    await sari.page.goto('about:blank');
    await hub.halt();
    fs.cpSync(path.join(hub.folder, 'data'), later, { recursive: true });
    hub = await startHub({ folder: hub.folder, port });
    await say('What the host would rather not have said.', 3);
    const said = await sizeSeen();
    await expect.poll(() => pinnedSize(tan), { timeout: 20_000 }).toBeGreaterThanOrEqual(said);
    for (const [screen, name] of [
      [chanida, 'Chanida Prasert'],
      [sari, 'Sari Rahma'],
    ] as const) {
      await enter(screen, name);
      await expect.poll(() => pinnedSize(screen), { timeout: 20_000 }).toBeGreaterThanOrEqual(said);
      await screen.page.goto('about:blank');
    }
    await restart(() => {
      fs.rmSync(path.join(hub.folder, 'data'), { recursive: true });
      fs.cpSync(later, path.join(hub.folder, 'data'), { recursive: true });
      fs.rmSync(path.join(hub.folder, 'signer/last-signed'), { recursive: true });
    });
    const alarm = tan.page.getByRole('alert', { name: 'This record is shorter than it was' });
    await alarm.waitFor({ timeout: 40_000 });
    await shot(tan, '09-rolled-back-light');
    const [file] = await Promise.all([
      tan.page.waitForEvent('download'),
      alarm.getByRole('button', { name: 'Save both notes' }).click(),
    ]);
    const evidence = fs.readFileSync(await file.path(), 'utf8');
    const sizes = readStatements(evidence).map(({ note }) => Number(note.split('\n')[1]));
    expect(sizes).toHaveLength(2);
    expect(sizes[0]).toBeGreaterThan(sizes[1] ?? 0);
    await tan.page.reload();
    await alarm.waitFor();
    await tan.page.getByRole('button', { name: 'In doubt' }).waitFor();
  });

  test('[RC-68] fork: a record that has outgrown the old one is found not to contain it', {
    timeout: 150_000,
  }, async () => {
    await say('Another story.', 8);
    await enter(chanida, 'Chanida Prasert');
    await enter(sari, 'Sari Rahma');
    for (const screen of [chanida, sari])
      await screen.page.getByRole('alert', { name: 'This record is not the one seen before' }).waitFor();
    await shot(chanida, '10-forked-dark');
    await shot(sari, '11-forked-phone');
  });

  test('[RC-68] another key: an alarm as well; a person who compared the record may start again from it', {
    timeout: 150_000,
  }, async () => {
    const page = chanida.page;
    await page.getByRole('button', { name: 'Start again from what is shown' }).click();
    await shot(chanida, '12-start-again');
    await page.getByRole('button', { name: 'Forget and start again' }).click();
    await page
      .getByRole('alert', { name: 'This record is not the one seen before' })
      .waitFor({ state: 'detached' });
    await page.goto('about:blank');
    await restart(() => fs.rmSync(path.join(hub.folder, 'signer/seed')));
    await enter(chanida, 'Chanida Prasert');
    await page.getByRole('alert', { name: 'The key of this record has changed' }).waitFor();
    await shot(chanida, '13-key-changed-dark');
  });

  test('[RC-69] verify.html is one file that checks an export and its quorum from a folder, with no network', {
    timeout: 150_000,
  }, async () => {
    const answered = await fetch(`${url}/verify.html`);
    expect(answered.headers.get('content-disposition')).toBe('attachment; filename="verify.html"');
    const page = await answered.text();
    expect(page).toBe(fs.readFileSync(path.join(root, 'dist/client/verify.html'), 'utf8'));
    expect(page.match(/<(?:script|link|img|style)\b[^>]*>/g)).toEqual(['<style>', '<script>']);
    const folder = fs.mkdtempSync(path.join(scratch, 'page-'));
    const { record, policy } = await cosignedExport(folder);
    const file = path.join(folder, 'verify.html');
    fs.writeFileSync(file, page);
    const alone = await Screen.open(browser, { offline: true });
    const asked: string[] = [];
    alone.page.on('request', (request) => asked.push(request.url()));
    await alone.page.goto(pathToFileURL(file).href);
    await alone.page.getByLabel(/^Export of the record/).setInputFiles(record);
    const press = async (heading: string) => {
      await alone.page.getByRole('button', { name: 'Verify' }).click();
      await alone.page.getByRole('heading', { name: heading }).waitFor();
    };
    await press('Consistent; who signed it is not authenticated');
    await alone.page.getByLabel(/^Quorum policy/).setInputFiles(policy);
    await press('Intact, signed with the key given, and cosigned by the quorum');
    await alone.page.getByText(/Quorum\s+met: 1 of 1, 1 needed/).waitFor();
    await shot(alone, '14-verify-page');
    const lines = fs.readFileSync(record, 'utf8');
    fs.writeFileSync(record, lines.replace('"e":"e', '"e":"f'));
    await alone.page.getByLabel(/^Export of the record/).setInputFiles(record);
    await press('This file is not the record it claims to be');
    await alone.page.getByText('NOT INTACT at entry 0, line 2').waitFor();
    await shot(alone, '15-verify-page-altered');
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(alone.complaints).toEqual([]);
  });

  async function sizeSeen(): Promise<number> {
    return (await reviewBy(await hub.signIn('tan.wei'), operation).checkpoint()).size;
  }

  function pinnedSize(screen: Screen): Promise<number> {
    return screen.page.evaluate((name) => {
      const kept = localStorage.getItem(name);
      return kept === null ? 0 : Number(JSON.parse(kept).size);
    }, `muster.record.${hub.hub.logOrigin}/op/${operation.id}`);
  }

  /** A record of its own, one desk its quorum: the one above is spoiled. */
  async function cosignedExport(folder: string): Promise<{ record: string; policy: string }> {
    const other = await startHub();
    const made = await other.operation('HARBOUR');
    const officer = await other.signIn('tan.wei');
    const witness = await registered(officer, 'SG-CCD', made);
    await reviewBy(officer, made).say('One.', made.main);
    await covered(officer, made, 3);
    await witnessesBy(officer, made).setQuorum([witness.id], 1);
    await cosignAll([witness]);
    const [record, policy] = [path.join(folder, 'record.jsonl'), path.join(folder, 'policy.txt')];
    fs.writeFileSync(record, String((await reviewBy(officer, made).export()).body));
    fs.writeFileSync(policy, (await witnessesBy(officer, made).list()).policy?.text ?? '');
    return { record, policy };
  }
});

/** Runs in the page: what can be done with the private key that the browser keeps. */
async function keptKey(): Promise<{ extractable: boolean; exported: string }> {
  const database = await new Promise<IDBDatabase>((opened, failed) => {
    const request = indexedDB.open('muster-witness');
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error);
  });
  const rows = await new Promise<{ privateKey: CryptoKey }[]>((read, failed) => {
    const request = database.transaction('keys').objectStore('keys').getAll();
    request.onsuccess = () => read(request.result);
    request.onerror = () => failed(request.error);
  });
  const key = rows[0]?.privateKey;
  if (!key) return { extractable: true, exported: 'no key' };
  const exported = await crypto.subtle.exportKey('pkcs8', key).then(
    () => 'exported',
    (error: Error) => error.name,
  );
  return { extractable: key.extractable, exported };
}
