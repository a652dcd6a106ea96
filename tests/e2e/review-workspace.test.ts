import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ExerciseProcess, startExercise } from '#tests/support/exercise-process.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');
/** The timeline waits until the words of the boards are derived, on a busy machine long. */
const firstReading = { timeout: 90_000 };

/** An auditor reads an operation afterwards, with the keyboard as much as with the mouse. */
describe('the review of an operation, through the screen', () => {
  let exercise: ExerciseProcess;
  let browser: Browser;
  let helena: Screen;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    exercise = await startExercise();
    browser = await openBrowser();
    helena = await Screen.open(browser);
    await beginReading(helena, exercise.url);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    if (exercise !== undefined)
      expect(await exercise.stop(), 'a hub that is asked to stop ends well').toBe(0);
  });

  test('[RV-1] [RV-2] [RV-12] one timeline, its strands, and a search whose words are marked and not on the record', async () => {
    const { page } = helena;
    await helena.shot('01-timeline', 'review');
    await page.locator('button[aria-pressed]', { hasText: 'Chat' }).click();
    await page
      .getByRole('button', { name: /wrote a message/ })
      .first()
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: /changed a board/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Everything', exact: true }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('nothing-of-the-kind-is-here');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Nothing was found for/ }).waitFor();
    await helena.shot('02-nothing-found', 'review');
    await page.getByRole('searchbox', { name: 'Search the record' }).fill('wallet');
    await page.keyboard.press('Enter');
    await page.getByText(/^\d+ entr(y|ies) found$/).waitFor();
    await page.locator('mark').first().waitFor();
    expect((await page.locator('mark').first().textContent())?.toLowerCase()).toBe('wallet');
    await helena.shot('03-found', 'review');
    await page.getByRole('button', { name: 'End the search' }).click();
    await page.getByRole('button', { name: /newer entr/ }).click();
    await page
      .getByRole('button', { name: /read the record/ })
      .first()
      .click();
    const drawer = page.getByRole('complementary', { name: /^Entry #/ });
    await drawer.waitFor();
    expect(await drawer.textContent()).not.toContain('nothing-of-the-kind');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  test('[RV-8] [RV-9] the replay shows the room at the exact entry, from the keyboard, and its address can be linked to', async () => {
    const { page } = helena;
    await page.getByRole('button', { name: /wrote a message.*This wallet moved/ }).click();
    await page.getByRole('link', { name: 'Replay from here' }).click();
    const slider = page.getByRole('slider', { name: 'Place in the record' });
    const said = page.getByText('This wallet moved ten minutes ago.').last();
    const answer = page.getByText('Seen. The provider preserves its logs from now on.').last();
    // The timeline, which has these words too, stays until the replay is there.
    await slider.waitFor();
    await said.waitFor();
    expect(await answer.count(), 'nothing of later is shown').toBe(0);
    const there = Number(await slider.inputValue());
    expect(page.url()).toContain(`at=${there}`);
    await page.getByRole('application').getByRole('group').first().waitFor();
    await helena.shot('04-replay', 'review');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await answer.waitFor();
    await page.keyboard.press('ArrowLeft');
    await answer.waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.getByText('Before the first entry').first().waitFor();
    await page.getByText('There was no board yet').waitFor();
    expect(await page.getByText('Nothing had been said yet').count()).toBe(1);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '20 entries a second' });
    await slider.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause (space)' }).waitFor();
    await answer.waitFor();
    await page.getByRole('button', { name: 'Play (space)' }).waitFor();
    expect(await slider.inputValue()).toBe(await slider.getAttribute('max'));
    await page.keyboard.press('End');
    await page.goto(page.url().replace(/\?.*$/, `?view=replay&at=${there}`));
    await page.getByRole('button', { name: 'Begin reading' }).click();
    await said.waitFor();
    expect([await slider.inputValue(), await answer.count()]).toEqual([String(there), 0]);
  });

  test('the review fits a phone, in the dark too', async () => {
    const phone = await Screen.open(browser, {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      hasTouch: true,
    });
    await beginReading(phone, exercise.url);
    await phone.shot('10-phone-timeline', 'review');
    const wide = () => phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(await wide(), 'nothing is wider than the phone').toBe(false);
    await phone.page.getByRole('tab', { name: 'Replay' }).click();
    await phone.page.getByRole('slider', { name: 'Place in the record' }).waitFor();
    await phone.shot('11-phone-replay', 'review');
    await phone.page.getByRole('tab', { name: /^Board/ }).click();
    await phone.page.getByRole('application').getByRole('group').first().waitFor();
    await phone.shot('12-phone-replay-board', 'review');
    expect(await wide(), 'nothing is wider than the phone').toBe(false);
    expect([helena, phone].flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});

async function beginReading(screen: Screen, url: string): Promise<void> {
  await screen.signInAs(url, 'Helena Marsh');
  await screen.page.getByRole('link', { name: /GLACIER/ }).click();
  await screen.page.getByRole('button', { name: 'Review of the record' }).click();
  await screen.page.getByRole('textbox', { name: /Purpose/ }).fill('Review after the action day.');
  await screen.page.getByRole('button', { name: 'Begin reading' }).click();
  await screen.page
    .getByRole('button', { name: /read the record/ })
    .first()
    .waitFor(firstReading);
}
