import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

import { verifyCommand } from '#server/cli/verify-command.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { growRecord } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { type Desk, deskWitness, look, sayAndSign, split } from './desks.ts';
import { dropFolders, muster } from './witness-run.ts';

vi.setConfig({ testTimeout: 240_000 });
afterEach(async () => {
  await stopHubs();
  dropFolders();
});

const mirror = ({ dir, credential }: Desk, hub: TestHub, { looks }: { looks?: number } = {}) =>
  muster(['mirror', '--dir', dir, '--hub', hub.url, ...(looks === undefined ? ['--once'] : [])], {
    env: { MUSTER_WITNESS_CREDENTIAL: credential },
    ...(looks !== undefined && { looks }),
  });
const folderOf = ({ dir }: Desk) => path.join(dir, 'mirror', 'parts');
const partsOf = (desk: Desk) =>
  fs
    .readdirSync(folderOf(desk))
    .filter((name) => /^\d/.test(name))
    .sort();
const reached = (desk: Desk): { size: number; root: string } =>
  JSON.parse(fs.readFileSync(path.join(folderOf(desk), 'state.json'), 'utf8')).reached;

async function verify(...args: string[]) {
  const said: string[] = [];
  const line = (text: string) => void said.push(text);
  return { code: await verifyCommand(args, { print: line, complain: line }), said };
}

async function openings(hub: TestHub, operation: Operation): Promise<number> {
  const found = await hub.store.read((tx) =>
    rows(tx, sql`select 1 from entries where log_id = ${operation.id} and kind = 'record.mirrored'`),
  );
  return found.length;
}

async function started(): Promise<{ hub: TestHub; operation: Operation; th: Desk }> {
  const hub = await startHub();
  const operation = await hub.operation('GLACIER', { chanida: 'officer' });
  const th = await deskWitness(hub, operation, 'chanida', 'TH-CCIB');
  await sayAndSign(hub, operation, 'Seen by both.');
  expect((await look(th, hub)).code).toBe(0);
  return { hub, operation, th };
}

test('[RC-86] [RC-87] a desk of officers keeps its mirror, goes on where it stopped, and the verifier takes part and folder', async () => {
  const { hub, operation, th } = await started();
  const first = await mirror(th, hub);
  expect([first.code, first.printed]).toEqual([
    0,
    expect.stringMatching(/Kept entries 0 to \d+: \d+ as your/),
  ]);
  const before = reached(th).size;
  await growRecord(hub, operation, 40);
  const second = await mirror(th, hub);
  expect([second.code, second.printed]).toEqual([0, expect.stringContaining(`Kept entries ${before} to `)]);
  expect((await mirror(th, hub)).code).toBe(0);
  const names = partsOf(th);
  expect(names).toHaveLength(3);
  expect(names.map((name) => fs.statSync(path.join(folderOf(th), name)).mode & 0o077)).toEqual([0, 0, 0]);
  const { vkey } = JSON.parse(fs.readFileSync(path.join(th.dir, 'state.json'), 'utf8')).pin;
  for (const name of names)
    expect((await verify(path.join(folderOf(th), name), '--key', vkey)).code, name).toBe(0);
  const whole = await verify(folderOf(th), '--key', vkey);
  const { size, root } = reached(th);
  expect([whole.code, whole.said.slice(0, 3)]).toEqual([
    0,
    [
      'INTACT: consistent, and signed with the key given.',
      expect.stringContaining(`/op/${operation.id}`),
      `Entries       ${size}`,
    ],
  ]);
  expect(whole.said).toEqual(
    expect.arrayContaining([`Size, root    ${size}, ${root}`, 'Mirror        3 parts']),
  );
  expect(await openings(hub, operation), 'one for each run').toBe(3);

  // A part that is missing in the middle is found by the verifier, the last one by the program.
  fs.rmSync(path.join(folderOf(th), names[1] ?? ''));
  expect(await verify(folderOf(th), '--key', vkey)).toMatchObject({
    code: 1,
    said: expect.arrayContaining(['Reason        part-does-not-go-on', `In            ${names[2]}`]),
  });
  fs.rmSync(path.join(folderOf(th), names[2] ?? ''));
  expect(await mirror(th, hub)).toMatchObject({
    code: 2,
    complained: expect.stringContaining('is gone. Move'),
  });
});

test('[RC-84] [RC-86] a run that goes on pulls what is new under one opening, and a crash costs at most one part', async () => {
  const { hub, operation, th } = await started();
  let round = 0;
  const ran = await muster(['mirror', '--dir', th.dir, '--hub', hub.url], {
    env: { MUSTER_WITNESS_CREDENTIAL: th.credential },
    looks: 4,
    onPause: async () => {
      round += 1;
      await sayAndSign(hub, operation, `Round ${round}.`);
    },
  });
  expect(ran.code).toBe(0);
  expect(ran.printed.match(/Kept entries/g)?.length).toBeGreaterThanOrEqual(3);
  expect(await openings(hub, operation)).toBe(1);

  // Killed after a part had its name and before it was remembered; and with half a part on the way.
  const state = path.join(folderOf(th), 'state.json');
  const earlier = fs.readFileSync(state, 'utf8');
  await sayAndSign(hub, operation, 'Once more.');
  expect((await mirror(th, hub)).code).toBe(0);
  const kept = reached(th);
  fs.writeFileSync(state, earlier);
  fs.writeFileSync(path.join(folderOf(th), '.arriving'), '{"format":"muster-exp');
  const again = await mirror(th, hub);
  expect([again.code, again.complained]).toEqual([0, '']);
  expect(reached(th).size).toBeGreaterThan(kept.size);
  expect((await verify(folderOf(th))).code).toBe(0);
});

test('[RC-86] what does not verify is not kept, and a removed desk’s mirror ends at once', async () => {
  const { hub, operation, th } = await started();
  expect((await mirror(th, hub)).code).toBe(0);
  const before = [reached(th), partsOf(th)];
  await sayAndSign(hub, operation, 'As it was.');
  await hub.store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`update entry_contents set payload = convert_to(replace(convert_from(payload, 'UTF8'), 'was', 'is_'), 'UTF8')
              where log_id = ${operation.id} and convert_from(payload, 'UTF8') like '%As it was.%'`.execute(
      tx,
    );
  });
  const altered = await mirror(th, hub);
  expect([altered.code, altered.complained]).toEqual([6, expect.stringContaining('NOT KEPT')]);
  expect([reached(th), partsOf(th)]).toEqual(before);

  const tan = await hub.signIn('tan.wei');
  await tan.must('POST', `/operations/${operation.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: 'Left.',
  });
  const removed = await mirror(th, hub, { looks: 50 });
  expect([removed.code, removed.complained]).toEqual([4, expect.stringContaining('The hub refused')]);
  expect([reached(th), partsOf(th)]).toEqual(before);
});

test('[RC-63] [RC-86] a hub that shows another record than it showed before is found out by its parts, and the proof is kept', async () => {
  const { hub, operation, th } = await started();
  const sg = await deskWitness(hub, operation, 'tan.wei', 'SG-CCD');
  expect((await look(sg, hub)).code).toBe(0);
  const [one, other] = await split(hub);
  await sayAndSign(one, operation, 'Raid at 04:00.');
  await sayAndSign(other, operation, 'Raid called off.', 8);
  // The Thai mirror holds more of one record than its witness has seen; the Singaporean has seen more than it holds.
  expect((await mirror(th, one)).code).toBe(0);
  expect((await look(sg, one)).code).toBe(0);
  for (const desk of [th, sg]) {
    const found = await mirror(desk, other);
    expect([found.code, found.complained]).toEqual([10, expect.stringContaining('ALARM')]);
    const evidence = path.join(desk.dir, 'evidence.json');
    expect(JSON.parse(fs.readFileSync(evidence, 'utf8'))).toMatchObject({ state: 'forked' });
    expect(fs.readdirSync(folderOf(desk)).filter((name) => name.startsWith('contradiction'))).toHaveLength(1);
    // From then on neither program of this folder does anything more.
    expect((await mirror(desk, one)).code).toBe(10);
    expect((await look(desk, one)).code).toBe(10);
  }
  const proof = path.join(folderOf(sg), 'contradiction-from-0.jsonl');
  expect((await verify(proof, '--against', path.join(sg.dir, 'evidence.json'))).code).toBe(1);
});

test('[RC-86] a record put back from an old backup is found by the mirror', async () => {
  const { hub, operation, th } = await started();
  await hub.halt();
  const backup = `${hub.folder}-backup`;
  fs.cpSync(hub.folder, backup, { recursive: true });
  const later = await startHub({ folder: hub.folder });
  await sayAndSign(later, operation, 'After the backup.', 8);
  expect((await mirror(th, later)).code).toBe(0);
  await later.halt();
  const restored = await startHub({ folder: backup });
  const found = await mirror(th, restored);
  expect([found.code, found.complained]).toEqual([11, expect.stringContaining('ALARM')]);
});
