import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { verifyCommand } from '#server/cli/verify-command.ts';
import { reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { deskWitness, look, sayAndSign, split } from './desks.ts';
import { dropFolders, muster } from './witness-run.ts';

afterEach(async () => {
  await stopHubs();
  dropFolders();
});

async function exportOf(hub: TestHub, operation: Operation, file: string): Promise<string> {
  const { body } = await reviewBy(await hub.signIn('tan.wei'), operation).export();
  fs.writeFileSync(file, String(body));
  return file;
}

async function verify(...args: string[]) {
  const said: string[] = [];
  const code = await verifyCommand(args, {
    print: (line) => said.push(line),
    complain: (line) => said.push(line),
  });
  return { code, said: said.join('\n') };
}

test('[RC-63] [RC-64] [RC-69] split view: two hubs with one key show two desks different records, and both desks find out', {
  timeout: 240_000,
}, async () => {
  const hub = await startHub();
  const operation = await hub.operation('GLACIER', { chanida: 'officer' });
  const sg = await deskWitness(hub, operation, 'tan.wei', 'SG-CCD');
  const th = await deskWitness(hub, operation, 'chanida', 'TH-CCIB');
  await sayAndSign(hub, operation, 'Seen by both.');
  expect([(await look(sg, hub)).code, (await look(th, hub)).code]).toEqual([0, 0]);

  const [forSingapore, forThailand] = await split(hub);
  await sayAndSign(forSingapore, operation, 'Raid at 04:00.');
  await sayAndSign(forThailand, operation, 'Raid called off.');
  expect((await look(sg, forSingapore)).code, 'each view is consistent in itself').toBe(0);
  expect((await look(th, forThailand)).code).toBe(0);

  // What the desks hold, compared offline: two signed roots for one size.
  const files = ['sg.jsonl', 'th.jsonl'].map((name) => path.join(sg.dir, name));
  const [sgExport = '', thExport = ''] = [
    await exportOf(forSingapore, operation, files[0] ?? ''),
    await exportOf(forThailand, operation, files[1] ?? ''),
  ];
  const compared = await verify(sgExport, '--against', thExport);
  expect([compared.code, compared.said]).toEqual([
    1,
    expect.stringContaining('CONTRADICTION: the holder of this key signed two different records'),
  ]);
  expect(
    (await verify(sgExport, '--against', path.join(th.dir, 'state.json'))).code,
    'an export against what a witness saw',
  ).toBe(1);
  expect((await verify(sgExport, '--against', path.join(sg.dir, 'state.json'))).code).toBe(0);
  expect(
    (await verify(path.join(sg.dir, 'state.json'), '--against', path.join(th.dir, 'state.json'))).code,
  ).toBe(1);

  // Its own export goes into the mirror, the other one does not.
  const mirror = (...args: string[]) => muster(['mirror', '--dir', sg.dir, ...args]);
  expect(await mirror(sgExport)).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^Kept \d+ leaves, \d+ of them with their entries; root /),
  });
  expect(fs.readdirSync(path.join(sg.dir, 'mirror'))).toHaveLength(1);
  expect(await mirror(thExport)).toMatchObject({ code: 10, complained: expect.stringContaining('ALARM') });
  fs.writeFileSync(thExport, fs.readFileSync(sgExport, 'utf8').replace('"e":"e', '"e":"f'));
  expect(await mirror(thExport)).toMatchObject({ code: 6, complained: expect.stringContaining('NOT KEPT') });
  expect(fs.readdirSync(path.join(sg.dir, 'mirror'))).toHaveLength(1);

  // As soon as a witness is shown the other view, it is an alarm.
  const alarm = await look(th, forSingapore);
  expect([alarm.code, alarm.complained]).toEqual([10, expect.stringContaining('ALARM')]);
  const evidence = path.join(th.dir, 'evidence.json');
  expect((await verify(evidence, '--against', sgExport)).code).toBe(1);
  await forSingapore.halt();
  await forThailand.stop();
  fs.rmSync(hub.folder, { recursive: true });
});

test.each([
  [
    '[RC-63] roll-back: an old database under a signer that has lost its memory is an alarm, and stays one',
    false,
  ],
  ['[RC-63] roll-back: an old database under a signer that remembers is an alarm as well', true],
] as const)('%s', { timeout: 240_000 }, async (_title, remembers) => {
  const hub = await startHub();
  const operation = await hub.operation('HARBOUR', { chanida: 'officer' });
  const sg = await deskWitness(hub, operation, 'tan.wei', 'SG-CCD');
  await sayAndSign(hub, operation, 'Before the backup.');
  expect((await look(sg, hub)).code).toBe(0);
  await hub.halt();
  const backup = `${hub.folder}-backup`;
  fs.cpSync(path.join(hub.folder, 'data'), backup, { recursive: true });

  const later = await startHub({ folder: hub.folder });
  await sayAndSign(later, operation, 'What the host would rather not have said.', 3);
  expect((await look(sg, later)).code).toBe(0);
  await later.halt();
  fs.rmSync(path.join(hub.folder, 'data'), { recursive: true });
  fs.renameSync(backup, path.join(hub.folder, 'data'));
  if (!remembers) fs.rmSync(path.join(hub.folder, 'signer/last-signed'), { recursive: true });

  const restored = await startHub({ folder: hub.folder });
  const asleep = { ...sg, dir: `${sg.dir}-asleep` };
  fs.cpSync(sg.dir, asleep.dir, { recursive: true });
  const alarm = await look(sg, restored);
  expect([alarm.code, alarm.complained]).toEqual([11, expect.stringContaining('it was rolled back')]);
  if (remembers) return;
  // A witness that looks only when the new record has outgrown the old one finds the fork instead.
  await sayAndSign(restored, operation, 'Another story.', 6);
  const outgrown = await look(asleep, restored);
  expect([outgrown.code, outgrown.complained]).toEqual([
    10,
    expect.stringContaining('it was rewritten, or forked'),
  ]);
  expect((await look(sg, restored)).code, 'the first alarm stays').toBe(11);
});
