import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 10_000 });

/** Two officers at one board, one in the light and one in the dark. */
describe('a case board, through the screen', () => {
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
      Screen.open(browser, { colorScheme: 'dark', timezoneId: 'Asia/Bangkok' }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await exercise?.stop();
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'board');
  const field = (screen: Screen, name: string) => screen.page.getByRole('textbox', { name, exact: true });
  const saved = (screen: Screen) => screen.page.getByRole('contentinfo').getByText('All saved').waitFor();
  const board = (screen: Screen) => screen.page.getByRole('group', { name: 'Case board' });
  const history = (screen: Screen) =>
    screen.page.getByRole('complementary', { name: 'History of the board' });

  async function addCard(screen: Screen, kind: string, at: readonly [number, number], title: string) {
    await screen.page.getByRole('button', { name: `Add: ${kind}` }).click();
    await screen.page.mouse.click(...at);
    await field(screen, 'Title').fill(title);
    await screen.page.keyboard.press('Escape');
    await screen.card(new RegExp(`${kind}: ${title}`)).waitFor();
  }

  async function middleOf(card: Locator): Promise<readonly [number, number]> {
    const box = await card.boundingBox();
    if (!box) throw new Error('not on screen');
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  async function drag(screen: Screen, from: readonly [number, number], to: readonly [number, number]) {
    const { mouse } = screen.page;
    await mouse.move(...from);
    await mouse.down();
    await mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
    await mouse.move(...to, { steps: 4 });
    await mouse.up();
  }

  test('[BD-25] two officers open a new board', async () => {
    await Promise.all([
      tan.signInAs(exercise.url, 'Tan Wei').then(() => tan.enterRoom()),
      chanida.signInAs(exercise.url, 'Chanida Prasert').then(() => chanida.enterRoom()),
    ]);
    await tan.page.getByRole('button', { name: 'New board' }).click();
    await field(tan, 'Title').fill('Seizures');
    await tan.page.keyboard.press('Enter');
    await tan.page.getByRole('heading', { name: 'Nothing on this board yet' }).waitFor();
    await chanida.page.getByRole('button', { name: 'Seizures' }).click();
    await chanida.page.getByRole('heading', { name: 'Nothing on this board yet' }).waitFor();
    await shot(tan, '01-empty');
  });

  test('[CB-15] [CB-7] what one drags and links, the other sees', async () => {
    await addCard(tan, 'Note', [300, 250], 'Wallet bc1q');
    await addCard(tan, 'Account', [620, 250], 'KBANK 6789');
    const wallet = chanida.card(/Note: Wallet bc1q/);
    await wallet.waitFor();
    const before = await middleOf(wallet);
    await drag(tan, await middleOf(tan.card(/Wallet bc1q/)), [380, 480]);
    await eventually(async () => (await middleOf(wallet))[1] - before[1]).toBeGreaterThan(100);
    await tan.card(/Wallet bc1q/).hover();
    const [x] = await middleOf(tan.card(/Wallet bc1q/));
    const top = (await tan.card(/Wallet bc1q/).boundingBox())?.y ?? 0;
    await drag(tan, [x, top], await middleOf(tan.card(/KBANK/)));
    await field(tan, 'What the link says').fill('cash-out');
    await chanida.card(/Wallet bc1q.* 1 link\./).waitFor();
    await shot(chanida, '02-link-held-dark');
    await tan.page.keyboard.press('Escape');
    await board(chanida).getByText('cash-out').waitFor();
  });

  test('[CB-16] undo takes back one’s own edits only', async () => {
    await chanida.card(/KBANK 6789/).dblclick();
    await field(chanida, 'Text').fill('Freeze requested.');
    await chanida.page.keyboard.press('Escape');
    await tan.card(/KBANK/).getByText('Freeze requested.').waitFor();
    await board(tan).press('Control+z');
    await board(tan).press('Control+z');
    await chanida.card(/Wallet bc1q.* 0 links\./).waitFor();
    await tan.card(/KBANK/).getByText('Freeze requested.').waitFor();
    await board(tan).press('Control+y');
    await board(tan).press('Control+y');
    await chanida.card(/Wallet bc1q.* 1 link\./).waitFor();
  });

  test('[CB-25] a title somebody is typing in waits, until asked for', async () => {
    await tan.card(/KBANK/).dblclick();
    await field(tan, 'Title').fill('KBANK ···· 6789');
    await chanida.card(/KBANK ···· 6789.*Tan Wei is typing/).waitFor();
    await chanida.card(/KBANK/).dblclick();
    await chanida.page.getByText(/^Tan Wei is typing\./).waitFor();
    expect(await field(chanida, 'Title').isEditable()).toBe(false);
    await shot(chanida, '03-typing-dark');
    await chanida.page.getByRole('button', { name: 'Type here too' }).click();
    expect(await field(chanida, 'Title').isEditable()).toBe(true);
    await tan.page.getByText(/Chanida Prasert is typing here too/).waitFor();
    await chanida.page.keyboard.press('Escape');
    await tan.page.keyboard.press('Escape');
  });

  test('a card is added, moved, linked and deleted by keys alone', async () => {
    const { keyboard } = chanida.page;
    await board(chanida).focus();
    await keyboard.press('n');
    await keyboard.type('person');
    await keyboard.press('Enter');
    await field(chanida, 'Title').waitFor();
    await keyboard.type('Kelvin Tan (alias)');
    await keyboard.press('Escape');
    const kelvin = tan.card(/Person: Kelvin Tan/);
    await kelvin.waitFor();
    const [x] = await middleOf(kelvin);
    for (let n = 0; n < 4; n++) await keyboard.press('Shift+ArrowRight');
    await eventually(async () => Math.round((await middleOf(kelvin))[0] - x)).toBeGreaterThan(100);
    await keyboard.press('c');
    await keyboard.type('wallet');
    await keyboard.press('Enter');
    await keyboard.type('controls');
    await keyboard.press('Escape');
    await tan.card(/Kelvin Tan.* 1 link\./).waitFor();
    await board(tan).getByText('controls').waitFor();
    await chanida.card(/Kelvin Tan/).focus();
    await keyboard.press('Delete');
    await kelvin.waitFor({ state: 'detached' });
    await keyboard.press('Control+z');
    await tan.card(/Kelvin Tan.* 1 link\./).waitFor();
  });

  test('[CB-18] an indicator dragged from the register becomes a card that shows it', async () => {
    await tan.panel(/Register/);
    const row = tan.page.getByRole('listitem').getByRole('button').first();
    await row.waitFor();
    await row.dragTo(board(tan), { targetPosition: { x: 620, y: 520 } });
    const bound = chanida.card(/^Indicator: /);
    await bound.waitFor();
    await bound.getByText(/TLP:/).waitFor();
    await saved(tan);
    await shot(tan, '04-indicator');
    await tan.panel(/Chat/);
  });

  test('[CB-9] typed without a connection, it is counted, kept and sent when the line is back', async () => {
    await chanida.page.context().setOffline(true);
    await chanida.card(/Wallet bc1q/).dblclick();
    await field(chanida, 'Text').fill('Empty since noon.');
    await chanida.page.keyboard.press('Escape');
    const notice = chanida.page.getByText(/Offline: \d+ edits? not yet sent/).first();
    await notice.waitFor();
    await shot(chanida, '05-offline-dark');
    await chanida.page.context().setOffline(false);
    await tan
      .card(/Wallet bc1q/)
      .getByText('Empty since noon.')
      .waitFor();
    await saved(chanida);
  });

  test('an edited card lies clear of the tools', async () => {
    await addCard(tan, 'Note', [420, 765], 'Low');
    await tan.card(/Note: Low/).dblclick();
    const lowest = tan.page.getByRole('combobox', { name: 'Marking' });
    const tools = await tan.page.getByRole('toolbar').boundingBox();
    await eventually(async () => {
      const box = await lowest.boundingBox();
      return box && tools && box.y + box.height <= tools.y;
    }).toBe(true);
    await shot(tan, '06-edited-low');
    await tan.page.keyboard.press('Escape');
    await tan.page.keyboard.press('Delete');
  });

  test('[CB-23] [BD-30] the history tells who did what, with before and after', async () => {
    await tan.card(/Wallet bc1q/).click();
    await tan.page.keyboard.press('h');
    await history(tan).getByText('Empty since noon.').waitFor();
    await history(tan).getByRole('button', { name: 'Everything' }).click();
    const line = history(tan).getByRole('article').filter({ hasText: 'TH · Chanida Prasert' }).first();
    await line.getByRole('button', { name: 'Before and after' }).click();
    await line.getByText('After', { exact: true }).first().waitFor();
    await shot(tan, '07-history');
    await chanida.page.getByRole('button', { name: 'History (H)' }).click();
    await history(chanida).getByText('SG · Tan Wei').first().waitFor();
    await shot(chanida, '08-history-dark');
    await chanida.page.keyboard.press('Escape');
    await history(chanida).waitFor({ state: 'detached' });
  });

  test('[CB-24] [BD-31] the board is shown as it stood, and what was deleted comes back as an edit', async () => {
    await chanida.card(/Kelvin Tan/).click();
    await chanida.page.keyboard.press('Delete');
    await tan.card(/Kelvin Tan/).waitFor({ state: 'detached' });
    // What somebody did within a minute is one line, which says the last of it: the rest is told when it is opened.
    const folded = history(tan).getByRole('button', { name: 'Before and after', expanded: false });
    while ((await folded.count()) > 0) await folded.first().click();
    const acts = history(tan).getByRole('button', { name: /added card “Kelvin Tan/ });
    await acts.first().click();
    await tan.page.getByText(/^As it stood at \d\d:\d\d:\d\d UTC, entry #\d+$/).waitFor();
    await tan.card(/Kelvin Tan/).click();
    expect(await tan.page.getByRole('button', { name: /^Add: / }).count()).toBe(0);
    await shot(tan, '09-past');
    await tan.page.getByRole('button', { name: 'Restore this card' }).click();
    await tan.page.getByRole('dialog').getByText('1 deleted card comes back: “Kelvin Tan (alias)”').waitFor();
    await shot(tan, '10-restore');
    await tan.page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
    await chanida.card(/Kelvin Tan.* 1 link\./).waitFor();
    expect(await tan.page.getByText(/^As it stood at/).count()).toBe(0);
    await history(tan)
      .getByText(/added card “Kelvin Tan/)
      .nth(1)
      .waitFor();
    await tan.page.getByRole('button', { name: 'Undo my last edit' }).click();
    await chanida.card(/Kelvin Tan/).waitFor({ state: 'detached' });
  });

  test('the history fits a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await Screen.open(browser, { viewport: { width: 390, height: 844 }, colorScheme });
      await phone.signInAs(exercise.url, 'Tan Wei');
      await phone.page.goto(tan.page.url());
      await phone.card(/Wallet bc1q/).waitFor();
      await phone.page.getByRole('button', { name: 'History (H)' }).click();
      await history(phone).getByRole('article').first().waitFor();
      await shot(phone, `11-phone-history-${colorScheme}`);
      await history(phone).getByRole('article').nth(1).getByRole('button').first().click();
      await phone.page.getByText(/^As it stood at/).waitFor();
      await shot(phone, `12-phone-past-${colorScheme}`);
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, 'nothing is wider than the phone').toBe(false);
      await phone.page.context().close();
    }
    expect([...tan.complaints, ...chanida.complaints].filter((each) => !/ERR_INTERNET/.test(each))).toEqual(
      [],
    );
  });
});
