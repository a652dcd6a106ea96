import { inflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
vi.setConfig({ testTimeout: 120_000 });
/** The timeline waits until the words of the boards are derived, on a busy machine long. */
const firstReading = { timeout: 90_000 };
const TITLE = 'The exchange was told too late';
const QUESTION = 'Who held the domain until H?';

/** A lead of Singapore and an auditor of New Zealand review an operation together, mostly with the keyboard. */
describe('findings and the debrief, through the screen', () => {
  let exercise: ExerciseProcess;
  let browser: Browser;
  let tan: Screen;
  let helena: Screen;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
    [tan, helena] = await Promise.all([Screen.open(browser), Screen.open(browser)]);
    await beginReading(helena, exercise.url, 'Helena Marsh');
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    if (exercise !== undefined) await exercise.stop();
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'review-findings');

  test('[RV-17] nothing is pinned before the operation is under review, and at once when it is', async () => {
    const { page } = helena;
    await part(page, 'Findings');
    await page.getByRole('heading', { name: 'Nothing has been found yet' }).waitFor();
    await page.getByText('This one is not, so there is nothing to write here now.').waitFor();
    await shot(helena, '01-not-under-review');
    await tan.signInAs(exercise.url, 'Tan Wei');
    await tan.enterRoom();
    await underReview(tan.page);
    await page.getByText('and press F.').waitFor();
    await shot(helena, '02-nothing-yet');
  });

  test('[RV-15] an entry of the timeline, and a moment of the replay, get what is pinned to them', async () => {
    const { page } = helena;
    await page.getByRole('link', { name: 'To the timeline' }).click();
    const wallet = page.getByRole('button', { name: /wrote a message.*This wallet moved/ });
    await wallet.focus();
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Pin a finding or a question' });
    await dialog.getByText('This wallet moved ten minutes ago.').waitFor();
    await dialog.getByRole('textbox', { name: 'Title' }).fill(TITLE);
    await dialog
      .getByRole('textbox', { name: /What you saw/ })
      .fill('The desk of the exchange closes at 23:00 UTC. The message names no one who calls them.');
    await shot(helena, '03-pin');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    await wallet.getByRole('img', { name: 'A finding is pinned here' }).waitFor();
    await page
      .getByRole('button', { name: `Finding, Open: ${TITLE}. Pinned to entry`, exact: false })
      .waitFor();
    await wallet.click();
    const drawer = page.getByRole('complementary', { name: /^Entry #/ });
    await drawer.getByRole('link', { name: TITLE }).waitFor();
    await shot(helena, '04-timeline-marked');
    await drawer.getByRole('link', { name: 'Replay from here' }).click();
    const slider = page.getByRole('slider', { name: 'Place in the record' });
    const there = await slider.inputValue();
    await page.getByRole('link', { name: TITLE }).waitFor();
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('link', { name: TITLE }).waitFor({ state: 'detached' });
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => slider.inputValue()).toBe(there);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Hold all visible action on this domain until H.').first().waitFor();
    await page.keyboard.press('f');
    await dialog.getByRole('radio', { name: /Question/ }).check();
    await dialog.getByRole('textbox', { name: 'Title' }).fill(QUESTION);
    await dialog.getByRole('button', { name: 'Put it on the record' }).click();
    await page.getByRole('link', { name: QUESTION }).waitFor();
    await shot(helena, '05-replay-marked');
    await page.getByRole('link', { name: QUESTION }).click();
    await page.getByRole('article', { name: QUESTION }).waitFor();
  });

  test('[RV-16] [RV-25] another country answers; both see it at once, and what it is about', async () => {
    await beginReading(tan, exercise.url, null);
    await part(tan.page, 'Findings');
    const list = tan.page.getByRole('list', { name: 'Findings, newest first' });
    await list.getByRole('button').first().focus();
    expect(await list.getByRole('button').allTextContents()).toEqual([
      expect.stringMatching(/Question.*Tan Wei SG wrote a message.*Helena Marsh NZ/),
      expect.stringMatching(/Finding.*Nguyen Minh VN wrote a message.*Helena Marsh NZ/),
    ]);
    await tan.page.keyboard.press('ArrowDown');
    await tan.page.keyboard.press('Enter');
    const finding = tan.page.getByRole('article', { name: TITLE });
    await finding.getByText('This wallet moved ten minutes ago.').waitFor();
    await finding.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    const answer = finding.getByRole('textbox', { name: 'Your answer' });
    await answer.fill('Our liaison called at 21:52. The call is not on the record.');
    await tan.page.context().setOffline(true);
    await tan.page.keyboard.press('Control+Enter');
    await finding.getByRole('alert').getByText('The hub cannot be reached.').waitFor();
    await shot(tan, '06-offline');
    await tan.page.context().setOffline(false);
    await finding.getByRole('button', { name: 'Answer' }).click();
    await finding.getByText('Our liaison called at 21:52.').waitFor();
    await expect.poll(() => answer.inputValue()).toBe('');
    await shot(tan, '07-answered');
    await helena.page.getByRole('link', { name: new RegExp(`Tan Wei answered a finding.*${TITLE}`) }).click();
    const hers = helena.page.getByRole('article', { name: TITLE });
    await hers.getByText('Our liaison called at 21:52.').waitFor();
    await shot(helena, '08-news');
    await hers.getByRole('link', { name: 'In the timeline' }).click();
    await helena.page.getByRole('complementary', { name: /^Entry #/ }).waitFor();
    await helena.page.goBack();
    await hers.waitFor();
  });

  test('[RV-16] it is concluded once with its reason, and words that came too late are kept', async () => {
    await helena.page.getByRole('textbox', { name: 'Your answer' }).fill('One more thing about the call.');
    await tan.page.getByRole('button', { name: 'Conclude', exact: true }).click();
    const dialog = tan.page.getByRole('dialog', { name: `Conclude “${TITLE}”` });
    const submit = dialog.getByRole('button', { name: 'Conclude' });
    await dialog.getByRole('radio', { name: /Lesson identified/ }).check();
    expect(await submit.isDisabled(), 'no conclusion without a reason').toBe(true);
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('Calls go on the record as they are made.');
    await shot(tan, '09-conclude');
    await submit.click();
    await dialog.waitFor({ state: 'detached' });
    await tan.page.getByText('Calls go on the record as they are made.').waitFor();
    expect(await tan.page.getByRole('textbox', { name: 'Your answer' }).count()).toBe(0);
    await shot(tan, '10-concluded');
    await helena.page.getByText('It was concluded while you wrote').waitFor();
    await helena.page.getByText('One more thing about the call.').waitFor();
    await shot(helena, '11-too-late');
    await helena.page.getByRole('button', { name: /^Concluded 1/ }).click();
    const list = helena.page.getByRole('list', { name: 'Findings, newest first' });
    await expect.poll(() => list.getByRole('button').count()).toBe(1);
    await helena.page.getByRole('button', { name: /^Answered 0/ }).click();
    await helena.page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => list.getByRole('button').count()).toBe(2);
  });

  test('[RV-18] [RV-26] the debrief draws figures by country and hour, and follows the findings', async () => {
    const { page } = helena;
    await part(page, 'Debrief');
    const debrief = page.getByRole('article', { name: 'Debrief' });
    await debrief.getByRole('heading', { name: /^Debrief · GLACIER/ }).waitFor();
    const countries = () => debrief.locator('tbody th b').allTextContents();
    const byActs = await countries();
    expect(byActs.at(-1)).toBe('The hub');
    expect(new Set(byActs)).toContain('VN');
    await debrief.getByRole('button', { name: 'Order by Country' }).click();
    const codes = (await countries()).slice(0, -1);
    expect(codes).toEqual([...codes].sort());
    await debrief.getByRole('button', { name: 'Order by Acts' }).click();
    expect(await countries()).toEqual(byActs);
    await shot(helena, '12-debrief');
    await tan.page.getByRole('button', { name: new RegExp(QUESTION.replace('?', '\\?')) }).click();
    await tan.page.getByRole('textbox', { name: 'Your answer' }).fill('The lead, by message.');
    await tan.page.keyboard.press('Control+Enter');
    await debrief.getByText('1 answered, 1 concluded').waitFor();
    await debrief.getByRole('link', { name: new RegExp(`^${TITLE}.*Lesson identified`) }).waitFor();
    await debrief.getByText('concluded a finding').scrollIntoViewIfNeeded();
    await shot(helena, '13-debrief-moments');
  });

  test('[RV-19] it is downloaded as page and figures, and printed with its marking on every sheet', async () => {
    const { page } = helena;
    for (const [what, name] of [
      ['The page', 'debrief.html'],
      ['The figures', 'debrief.csv'],
    ] as const) {
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Download the debrief' });
      await dialog.getByRole('radio', { name: what }).check();
      if (what === 'The page') await shot(helena, '14-download');
      const arrives = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Download' }).click();
      expect((await arrives).suggestedFilename()).toBe(name);
      await dialog.waitFor({ state: 'detached' });
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('tab', { name: 'Debrief' }).isVisible()).toBe(false);
    await page.setViewportSize({ width: 703, height: 1050 });
    await shot(helena, '15-paper');
    const sheets = sheetsOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    expect(sheets.length).toBeGreaterThan(1);
    expect(sheets.map((sheet) => sheet.match(AMBER)?.length)).toEqual(sheets.map(() => 2));
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1440, height: 860 });
  });

  test('both fit a phone, in the dark too', async () => {
    const phone = await Screen.open(browser, {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      hasTouch: true,
    });
    const { page } = phone;
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    await beginReading(phone, exercise.url, 'Tan Wei');
    await part(page, 'Findings');
    await page.getByRole('list', { name: 'Findings, newest first' }).waitFor();
    await shot(phone, '16-phone-findings');
    expect(await wide(), 'nothing is wider than the phone').toBe(false);
    await page.getByRole('button', { name: new RegExp(TITLE) }).click();
    await page.getByRole('article', { name: TITLE }).waitFor();
    await page.getByText('This wallet moved ten minutes ago.').waitFor();
    await shot(phone, '17-phone-finding');
    expect(await wide(), 'nothing is wider than the phone').toBe(false);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await page.getByRole('button', { name: new RegExp(TITLE) }).waitFor();
    await part(page, 'Debrief');
    await page.getByRole('heading', { name: /^Debrief · GLACIER/ }).waitFor();
    await shot(phone, '18-phone-debrief');
    await page.getByRole('heading', { name: 'By country' }).scrollIntoViewIfNeeded();
    await page.getByText('The hub').first().scrollIntoViewIfNeeded();
    await shot(phone, '19-phone-countries');
    expect(await wide(), 'nothing is wider than the phone').toBe(false);
    const complaints = [tan, helena, phone].flatMap((screen) => screen.complaints);
    // The browser itself prints what it could not reach while it was offline.
    expect(complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
  });
});

/** `null`: already signed in, and in the room. */
async function beginReading({ page, ...screen }: Screen, url: string, name: string | null): Promise<void> {
  void screen;
  if (name !== null) {
    await page.goto(url);
    await page.getByRole('button', { name: `Sign in as ${name}` }).click();
    await page.getByRole('link', { name: /GLACIER/ }).click();
  }
  await page.getByRole('button', { name: 'Review of the record' }).click();
  await page.getByRole('textbox', { name: /Purpose/ }).fill('Review after the action day.');
  await page.getByRole('button', { name: 'Begin reading' }).click();
  await page
    .getByRole('button', { name: /read the record/ })
    .first()
    .waitFor(firstReading);
}

function part(page: Page, name: string): Promise<void> {
  return page.getByRole('tab', { name }).click();
}

/** A lead closes the operation and begins its review. */
async function underReview(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /People/ }).click();
  await page.getByRole('button', { name: 'Course, holds and dates' }).click();
  for (const step of ['Close the operation', 'Begin the review']) {
    await page.getByRole('button', { name: step }).click();
    const dialog = page.getByRole('dialog', { name: new RegExp(`^${step.split(' ')[0]}`) });
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('The takedowns are done.');
    const typed = dialog.getByRole('textbox', { name: /to confirm/ });
    if ((await typed.count()) > 0) await typed.fill('GLACIER');
    await dialog.getByRole('button', { name: step }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await page.getByText('This operation is under review.').waitFor();
  await page.keyboard.press('Escape');
}

/** The colour of TLP:AMBER as a PDF sets it. Nothing on the paper has it but the marking. */
const AMBER = /^1 \.75\d* 0 RG /gm;

/** What is drawn on each sheet of a PDF. */
function sheetsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const contents = [...text.matchAll(/\/Type \/Page\b.*?\/Contents (\d+) 0 R/gs)];
  return contents.map(([, id = '']) => {
    const object = text.indexOf(`\n${id} 0 obj`);
    const length = Number(/\/Length (\d+)/.exec(text.slice(object))?.[1]);
    const start = text.indexOf('stream\n', object) + 'stream\n'.length;
    return inflateSync(pdf.subarray(start, start + length)).toString('latin1');
  });
}
