import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type DeskWitness, registered, witnessesBy } from '#tests/features/review/witnesses/support.ts';
import { freePort } from '#tests/support/free-port.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { serviceFor, testWith } from '#tests/support/services.ts';

import { openBrowser, Screen } from './browser.ts';

const test = testWith('chromium');

/** What takes two desks, asked on one screen and answered on another. */
describe('a change of witnesses, through the screen', () => {
  let hub: TestHub;
  let url: string;
  let operation: Operation;
  let browser: Browser;
  let tan: Screen;
  let chanida: Screen;
  let sari: Screen;
  let th: DeskWitness;
  let id: DeskWitness;

  beforeAll(async () => {
    if (serviceFor('chromium') === undefined) return;
    const port = await freePort();
    url = `http://localhost:${port}`;
    hub = await startHub({ port });
    operation = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
    th = await registered(await hub.signIn('chanida'), 'TH-CCIB', operation);
    id = await registered(await hub.signIn('sari'), 'ID-SIBER', operation);
    await witnessesBy(await hub.signIn('tan.wei'), operation).setQuorum([th.id, id.id], 2);
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
  });

  const shot = (screen: Screen, name: string) => screen.shot(name, 'witness-request');
  const standing = ({ page }: Screen) => page.getByRole('button', { name: /of 2/ });
  const request = ({ page }: Screen) => page.getByRole('status', { name: 'Waits for a second desk' });

  async function enter(screen: Screen, name: string): Promise<void> {
    await screen.signInAs(url, name);
    await screen.page.getByRole('link', { name: /GLACIER/ }).click();
    await standing(screen).waitFor();
  }

  test('[RC-88] [RC-90] one desk asks to retire a key that counts; another sees it at once, and confirms by keyboard', {
    timeout: 180_000,
  }, async () => {
    await enter(tan, 'Tan Wei');
    await enter(chanida, 'Chanida Prasert');
    await enter(sari, 'Sari Rahma');
    await standing(chanida).click();
    await chanida.page.getByRole('button', { name: 'Retire the key of TH-CCIB' }).click();
    const asking = chanida.page.getByRole('dialog', { name: 'Retire this key?' });
    await asking.getByText('This key takes two desks').waitFor();
    await asking.getByRole('textbox').fill('The machine was lost.');
    await shot(chanida, '01-asking-dark');
    await asking.getByRole('button', { name: 'Ask to retire the key' }).click();
    await request(chanida)
      .getByText('Chanida Prasert of TH-CCIB asks to retire the key of TH-CCIB.')
      .waitFor();
    expect(await request(chanida).getByRole('button').allTextContents()).toEqual(['Withdraw…']);
    await shot(chanida, '02-own-desk-dark');

    await sari.page.getByRole('button', { name: /waits for a second desk/ }).waitFor();
    await shot(sari, '03-foot-phone');
    await sari.page.getByRole('button', { name: /waits for a second desk/ }).click();
    await request(sari).getByText('Reason: The machine was lost.').waitFor();
    await shot(sari, '04-other-desk-phone');

    await tan.page.getByRole('button', { name: /waits for a second desk/ }).press('Enter');
    await request(tan).waitFor();
    await shot(tan, '05-other-desk-light');
    await request(tan).getByRole('button', { name: 'Confirm…' }).press('Enter');
    const confirming = tan.page.getByRole('dialog', { name: 'Confirm this for your desk?' });
    await confirming.getByText('it is short of this key').waitFor();
    await shot(tan, '06-confirming-light');
    await confirming.getByRole('button', { name: 'Confirm', exact: true }).press('Enter');
    await request(tan).waitFor({ state: 'detached' });
    for (const screen of [tan, chanida, sari]) {
      const gone = screen.page.getByText('retired, still in the quorum');
      if (screen === sari) await request(sari).waitFor({ state: 'detached' });
      await gone.first().waitFor();
    }
    const { witnesses } = await witnessesBy(await hub.signIn('sari'), operation).list();
    expect(witnesses.find((one) => one.id === th.id)?.retiredAt).not.toBeNull();
  });

  test('[RC-89] [RC-90] a lead asks for another quorum, and another desk refuses it with a reason', {
    timeout: 180_000,
  }, async () => {
    await tan.page.getByRole('button', { name: 'Set the quorum' }).click();
    const asking = tan.page.getByRole('dialog', { name: 'How many desks' });
    await asking.getByText('There is a quorum. Another one takes two desks').waitFor();
    await shot(tan, '07-quorum-light');
    await asking.getByRole('button', { name: 'Ask for this quorum' }).click();
    await request(tan).getByText('Tan Wei of SG-CCD asks for another quorum: 1 of 1 (ID-SIBER).').waitFor();
    expect(await tan.page.getByRole('button', { name: 'Set the quorum' }).isDisabled()).toBe(true);
    await request(sari).getByRole('button', { name: 'Refuse…' }).click();
    const refusing = sari.page.getByRole('dialog', { name: 'Refuse this?' });
    expect(await refusing.getByRole('button', { name: 'Refuse', exact: true }).isDisabled()).toBe(true);
    await refusing.getByRole('textbox').fill('One desk is too few.');
    await shot(sari, '08-refusing-phone');
    await refusing.getByRole('textbox').press('Tab');
    await refusing.getByRole('button', { name: 'Refuse', exact: true }).click();
    await request(tan).waitFor({ state: 'detached' });
    expect([tan, chanida, sari].flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
