import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');

/** An older backup is put back under two open pages; Chanida's session is younger than the backup. */
describe('a restored record, through the screen', { timeout: 180_000 }, () => {
  let exercise: ExerciseProcess;
  let browser: Browser;
  let tan: Screen;
  let chanida: Screen;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
    [tan, chanida] = await Promise.all([
      Screen.open(browser),
      Screen.open(browser, { colorScheme: 'dark', viewport: { width: 414, height: 860 } }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await exercise?.stop();
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'restored');
  const field = (screen: Screen, name: string) => screen.page.getByRole('textbox', { name, exact: true });
  const saved = (screen: Screen) =>
    screen.page.getByRole('contentinfo').getByText('All saved').waitFor({ timeout: 60_000 });
  const dialog = (screen: Screen) =>
    screen.page.getByRole('dialog', { name: 'These changes were made before the record was restored' });
  const banner = (screen: Screen) =>
    screen.page.getByText(/made before the record was restored .* not on it/);
  const data = () => path.join(exercise.folder, '.exercise', 'data');
  const backup = () => path.join(exercise.folder, 'backup');

  async function restart(meanwhile: () => Promise<void>, settings: Record<string, string> = {}) {
    const { folder, port } = exercise;
    await exercise.stop({ keep: true });
    await meanwhile();
    exercise = await startExercise({ folder, port, settings });
  }

  async function addCard(screen: Screen, at: readonly [number, number], title: string) {
    await screen.page.getByRole('button', { name: 'Add: Note' }).click();
    await screen.page.mouse.click(...at);
    await field(screen, 'Title').fill(title);
    await screen.page.keyboard.press('Escape');
    await screen.card(new RegExp(`Note: ${title}`)).waitFor();
  }

  const openRaid = async (screen: Screen) => {
    await screen.enterRoom();
    await screen.page.getByRole('button', { name: 'Raid' }).click();
  };

  test('[CB-30] the hub goes back to a backup while pages are open', async () => {
    await tan.signInAs(exercise.url, 'Tan Wei');
    await tan.enterRoom();
    await tan.page.getByRole('button', { name: 'New board' }).click();
    await field(tan, 'Title').fill('Raid');
    await tan.page.keyboard.press('Enter');
    await tan.page.getByRole('heading', { name: 'Nothing on this board yet' }).waitFor();
    await addCard(tan, [300, 250], 'Kept all along');
    await saved(tan);
    await restart(async () => fs.cpSync(data(), backup(), { recursive: true }));
    await saved(tan);
    await chanida.signInAs(exercise.url, 'Chanida Prasert');
    await openRaid(chanida);
    await addCard(tan, [300, 370], 'Wallet bc1q');
    await chanida.card(/Wallet bc1q/).waitFor();
    await chanida.page.getByRole('group', { name: 'Case board' }).press('n');
    await chanida.page.getByRole('combobox', { name: 'Kind of card' }).fill('Account');
    await chanida.page.keyboard.press('Enter');
    await field(chanida, 'Title').fill('KBANK 6789');
    await chanida.page.keyboard.press('Escape');
    await tan.card(/KBANK 6789/).waitFor();
    await Promise.all([saved(tan), saved(chanida)]);
    await restart(
      async () => {
        fs.rmSync(data(), { recursive: true });
        fs.cpSync(backup(), data(), { recursive: true });
        await addCard(tan, [300, 480], 'While offline');
      },
      { RESTORED: 'after-the-fire' },
    );
    await banner(tan).waitFor({ timeout: 60_000 });
    await saved(tan);
    await expect
      .poll(() =>
        tan.page
          .getByRole('application')
          .getByRole('group', { name: /^Note|^Account/ })
          .count(),
      )
      .toBe(1);
    await shot(tan, '01-banner');
  });

  test('[CB-31] its officer looks through what was lost, and makes it again', async () => {
    await tan.page.getByRole('button', { name: 'Look through' }).click();
    await dialog(tan).getByText('added card “While offline”').click();
    await shot(tan, '02-review');
    const [download] = await Promise.all([
      tan.page.waitForEvent('download'),
      dialog(tan).getByRole('button', { name: 'Save as a file' }).click(),
    ]);
    const file = JSON.parse(fs.readFileSync(await download.path(), 'utf8')) as { edits: { mine: boolean }[] };
    expect(file.edits.map(({ mine }) => mine).sort()).toEqual([false, true, true]);
    await dialog(tan).getByRole('button', { name: 'Make again: added card “Wallet bc1q”' }).click();
    await dialog(tan).getByText('Wallet bc1q').waitFor({ state: 'detached' });
    await dialog(tan).getByRole('button', { name: 'Make mine again' }).click();
    await dialog(tan).getByText('Made by others, seen here').waitFor();
    await shot(tan, '03-of-others');
    await dialog(tan).getByRole('button', { name: 'Close' }).click();
    await tan.card(/Wallet bc1q/).waitFor();
    await tan.card(/While offline/).waitFor();
    await saved(tan);
  });

  test('[CB-33] whoever has to sign in again finds what the page held', async () => {
    await chanida.page.getByRole('button', { name: /sign in/i }).click();
    await shot(chanida, '04-signed-out-phone-dark');
    await chanida.page.getByRole('button', { name: 'Sign in as Chanida Prasert' }).click();
    // In either case: the room that was open, or the list of operations.
    const glacier = chanida.page.getByRole('link', { name: /GLACIER/ });
    const raid = chanida.page.getByRole('button', { name: 'Raid' });
    await glacier.or(raid).first().waitFor({ timeout: 60_000 });
    if (await glacier.isVisible()) await glacier.click();
    await raid.click();
    await banner(chanida).waitFor({ timeout: 60_000 });
    await shot(chanida, '05-banner-phone-dark');
    await chanida.page.getByRole('button', { name: 'Look through' }).click();
    await shot(chanida, '06-review-phone-dark');
    await dialog(chanida).getByRole('button', { name: 'Make mine again' }).click();
    await tan.card(/KBANK 6789/).waitFor();
    await banner(tan).waitFor({ state: 'detached' });
    await expect
      .poll(() =>
        tan.page
          .getByRole('application')
          .getByRole('group', { name: /^Note|^Account/ })
          .count(),
      )
      .toBe(4);
    await shot(tan, '07-all-again');
  });
});
