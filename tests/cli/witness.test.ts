import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { parseVkey, signerFromSeed } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { readStatements } from '#shared/record/witness/statements.ts';
import {
  CREDENTIAL,
  HUB_ORIGIN,
  type LyingHub,
  leavesOf,
  OPERATION,
  ORIGIN,
  startLyingHub,
} from './lying-hub.ts';
import { dropFolders, freshFolder, lookOnce, makeKey, muster } from './witness-run.ts';

let hub: LyingHub;
let dir: string;
beforeEach(async () => {
  hub = await startLyingHub();
  dir = freshFolder();
});
afterEach(async () => {
  await hub.close();
  dropFolders();
});

const stateIn = (folder: string) => fs.readFileSync(path.join(folder, 'state.json'), 'utf8');

test('[RC-61] it makes a key, pins what it sees first, and cosigns only what goes on from there', async () => {
  const made = await makeKey(dir);
  const vkey = made.printed.split('\n').at(-1) ?? '';
  expect([made.code, parseVkey(vkey)?.name]).toEqual([0, 'witness/SG-CCD']);
  expect(['key', 'state.json'].map((name) => fs.statSync(path.join(dir, name)).mode & 0o777)).toEqual([
    0o600, 0o600,
  ]);
  const first = await lookOnce(dir, hub);
  expect(first.printed).toContain(
    `First sight: 10 entries, cosigned. Compare this key of the record with the one your desk was given: ${hub.vkey}`,
  );
  hub.show = { leaves: leavesOf(0), size: 37 };
  expect((await lookOnce(dir, hub)).printed).toContain(
    '37 entries, which begin with the 10 seen before: cosigned.',
  );
  expect(hub.posted.map(({ checkpoint }) => checkpoint.split('\n').slice(0, 2))).toEqual([
    [ORIGIN, '10'],
    [ORIGIN, '37'],
  ]);
  const key = parseVkey(vkey);
  for (const { checkpoint, line } of hub.posted)
    expect(verifyNote(`${checkpoint}\n${line}`, key === null ? [] : [key])).toMatchObject({
      ok: true,
      unknown: 0,
    });
  expect(JSON.parse(stateIn(dir))).toMatchObject({ operation: OPERATION, pin: { vkey: hub.vkey, size: 37 } });
});

test('[RC-57] it speaks to the hub alone, with its credential in a header and in no address', async () => {
  await makeKey(dir);
  await lookOnce(dir, hub);
  expect(hub.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET /api/v1/witness/${OPERATION}/checkpoint?since=0`,
    `POST /api/v1/witness/${OPERATION}/cosignatures`,
    `GET /api/v1/witness/${OPERATION}/hub/checkpoint?since=0`,
  ]);
  expect(hub.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${CREDENTIAL}`));
  for (const url of ['http://hub.example', 'ftp://127.0.0.1', 'https://user:word@hub.example', 'nonsense'])
    expect(await muster(['run', '--dir', dir, '--hub', url, '--once'])).toMatchObject({ code: 2 });
  const open = path.join(dir, 'credential');
  fs.writeFileSync(open, `${CREDENTIAL}\n`, { mode: 0o644 });
  const refused = await lookOnce(dir, hub, '--credential-file', open);
  expect([refused.code, refused.complained]).toEqual([2, expect.stringContaining('may be read by others')]);
  fs.chmodSync(open, 0o600);
  expect(await lookOnce(dir, hub, '--credential-file', open)).toMatchObject({ code: 0 });
});

test('[RC-61] an unchanged record is cosigned afresh now and then, always with one root', async () => {
  await makeKey(dir);
  let at = Date.now();
  const now = () => {
    at += 30_000;
    return at;
  };
  const ran = await muster(['run', '--dir', dir, '--hub', hub.url], { looks: 20, now });
  expect(ran.code).toBe(0);
  expect(hub.posted.length).toBeGreaterThan(2);
  expect(hub.posted.length).toBeLessThan(12);
  expect(new Set(hub.posted.map(({ checkpoint }) => checkpoint)).size).toBe(1);
});

describe('[RC-63] what contradicts stops it for good', () => {
  const other = signerFromSeed(ORIGIN, new Uint8Array(32).fill(8));
  const cases = [
    ['another tree of the same size', { leaves: leavesOf(1), size: 10 }, 10, 'forked'],
    ['a larger tree that does not contain it', { leaves: leavesOf(1), size: 30 }, 10, 'forked'],
    ['a smaller tree', { leaves: leavesOf(0), size: 9 }, 11, 'rolled-back'],
    ['no checkpoint any more', { leaves: leavesOf(0), size: 10, note: null }, 11, 'rolled-back'],
    ['another key', { leaves: leavesOf(0), size: 12, signer: other }, 12, 'key-changed'],
  ] as const;
  test.each(cases)('[RC-63] %s', async (_what, show, code, state) => {
    await makeKey(dir);
    await lookOnce(dir, hub);
    const before = stateIn(dir);
    hub.show = show;
    const ran = await lookOnce(dir, hub);
    expect(ran.code).toBe(code);
    expect(ran.complained).toContain('ALARM');
    expect(hub.posted).toHaveLength(1);
    const file = path.join(dir, 'evidence.json');
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({
      state,
      origin: ORIGIN,
      known: { size: 10, vkey: hub.vkey },
    });
    const kept = readStatements(fs.readFileSync(file, 'utf8'));
    expect(kept).toHaveLength('note' in show ? 1 : 2);
    // However good the hub is again: the same answer at every start, and no cosignature.
    hub.show = { leaves: leavesOf(0), size: 20 };
    const again = await lookOnce(dir, hub);
    expect([again.code, again.complained.includes('ALARM')]).toEqual([code, true]);
    expect([stateIn(dir), hub.posted.length]).toEqual([before, 1]);
  });
});

describe('the hub’s own record', () => {
  const grown = (size: number, flavour = 0) => ({ leaves: leavesOf(flavour), size });
  const cosignedSizes = () => hub.postedOfHub.map(({ checkpoint }) => checkpoint.split('\n').slice(0, 2));

  test('[RC-82] it is watched beside the operation’s, pinned on its own, and cosigned with the same key', async () => {
    const made = await makeKey(dir);
    const key = parseVkey(made.printed.split('\n').at(-1) ?? '');
    hub.showOfHub = grown(5);
    const first = await lookOnce(dir, hub);
    expect([first.code, first.printed]).toEqual([
      0,
      expect.stringContaining('The hub’s record: First sight: 5 entries, cosigned.'),
    ]);
    hub.showOfHub = grown(8);
    expect((await lookOnce(dir, hub)).printed).toContain('8 entries, which begin with the 5 seen before');
    expect(cosignedSizes()).toEqual([
      [HUB_ORIGIN, '5'],
      [HUB_ORIGIN, '8'],
    ]);
    const [{ checkpoint, line } = { checkpoint: '', line: '' }] = hub.postedOfHub;
    expect(verifyNote(`${checkpoint}\n${line}`, key === null ? [] : [key])).toMatchObject({
      ok: true,
      unknown: 0,
    });
    expect(JSON.parse(stateIn(dir))).toMatchObject({
      pin: { vkey: hub.vkey, size: 10 },
      hub: { vkey: hub.hubVkey, size: 8 },
    });
    expect(readStatements(stateIn(dir)).map(({ vkey }) => vkey)).toEqual([hub.vkey, hub.hubVkey]);
  });

  test('[RC-82] a state from before it was watched is taken up, and the hub’s record seen for the first time', async () => {
    await makeKey(dir);
    await lookOnce(dir, hub);
    const { hub: _none, ...former } = JSON.parse(stateIn(dir)) as Record<string, unknown>;
    fs.writeFileSync(path.join(dir, 'state.json'), JSON.stringify(former));
    hub.showOfHub = grown(5);
    expect((await lookOnce(dir, hub)).printed).toContain('The hub’s record: First sight');
    expect(JSON.parse(stateIn(dir))).toMatchObject({ pin: { size: 10 }, hub: { size: 5 } });
  });

  const stranger = signerFromSeed(HUB_ORIGIN, new Uint8Array(32).fill(8));
  test.each([
    ['another tree of the same size', grown(5, 1), 10, 'forked'],
    ['a smaller tree', grown(4), 11, 'rolled-back'],
    ['another key', { ...grown(9), signer: stranger }, 12, 'key-changed'],
  ] as const)('[RC-82] %s of the hub’s record stops it for both', async (_what, show, code, state) => {
    await makeKey(dir);
    hub.showOfHub = grown(5);
    await lookOnce(dir, hub);
    hub.showOfHub = show;
    hub.show = { leaves: leavesOf(0), size: 10 };
    const ran = await lookOnce(dir, hub);
    expect([ran.code, ran.complained.includes('ALARM')]).toEqual([code, true]);
    expect(JSON.parse(fs.readFileSync(path.join(dir, 'evidence.json'), 'utf8'))).toMatchObject({
      state,
      origin: HUB_ORIGIN,
      known: { size: 5, vkey: hub.hubVkey },
    });
    const posted = hub.posted.length;
    hub.showOfHub = grown(20);
    hub.show = { leaves: leavesOf(0), size: 20 };
    expect((await lookOnce(dir, hub)).code).toBe(code);
    expect([hub.posted.length, cosignedSizes()]).toEqual([posted, [[HUB_ORIGIN, '5']]]);
  });

  test('[RC-82] the record of another hub is not cosigned, however well it is signed', async () => {
    await makeKey(dir);
    const origin = 'other.example/hub';
    hub.showOfHub = { ...grown(5), origin, signer: signerFromSeed(origin, new Uint8Array(32).fill(7)) };
    expect(await lookOnce(dir, hub)).toMatchObject({
      code: 6,
      complained: expect.stringContaining('NOT COSIGNED'),
    });
    expect([hub.postedOfHub, JSON.parse(stateIn(dir)).hub]).toEqual([[], null]);
  });
});

test('[RC-61] what does not verify is not cosigned and not remembered', async () => {
  await makeKey(dir);
  const forged = signerFromSeed(ORIGIN, new Uint8Array(32).fill(8));
  const strange = signerFromSeed(`hub.example/op/${'f'.repeat(32)}`, new Uint8Array(32).fill(9));
  const cases = [
    { leaves: leavesOf(0), size: 10, note: 'not a note' },
    { leaves: leavesOf(0), size: 10, note: '' },
  ];
  for (const show of cases) {
    hub.show = show;
    expect(await lookOnce(dir, hub)).toMatchObject({
      code: 6,
      complained: expect.stringContaining('NOT COSIGNED'),
    });
  }
  hub.show = { leaves: leavesOf(0), size: 10, signer: forged };
  expect(await lookOnce(dir, hub, '--log-key', hub.vkey)).toMatchObject({
    code: 6,
    complained: expect.stringContaining('not-the-log-key-given'),
  });
  hub.show = { leaves: leavesOf(0), size: 10 };
  expect(strange.name).not.toBe(ORIGIN);
  expect([hub.posted, JSON.parse(stateIn(dir)).pin]).toEqual([[], null]);
  expect(await lookOnce(dir, hub, '--log-key', hub.vkey)).toMatchObject({ code: 0 });
});

test('[RC-62] a key whose state is lost or damaged is not used again', async () => {
  await makeKey(dir);
  await lookOnce(dir, hub);
  for (const spoil of [
    () => fs.writeFileSync(path.join(dir, 'state.json'), '{"format":"muster-witness-state/1"}'),
    () => fs.writeFileSync(path.join(dir, 'state.json'), ''),
    () => fs.rmSync(path.join(dir, 'state.json')),
  ]) {
    spoil();
    expect(await lookOnce(dir, hub)).toMatchObject({
      code: 3,
      complained: expect.stringContaining('retire it'),
    });
  }
  expect(await makeKey(dir)).toMatchObject({
    code: 2,
    complained: expect.stringContaining('holds a key already'),
  });
  expect(hub.posted).toHaveLength(1);
});

test('[RC-62] each end has its code', async () => {
  expect(await lookOnce(dir, hub), 'no key').toMatchObject({ code: 2 });
  await makeKey(dir);
  expect(
    await muster(['run', '--dir', dir, '--hub', hub.url, '--once'], {
      env: { MUSTER_WITNESS_CREDENTIAL: '' },
    }),
  ).toMatchObject({ code: 2 });
  hub.refuse = { status: 401, code: 'witness.refused' };
  expect(await muster(['run', '--dir', dir, '--hub', hub.url], { looks: 100 }), 'retired').toMatchObject({
    code: 4,
  });
  hub.refuse = { status: 503, code: 'try.again' };
  expect(await lookOnce(dir, hub), 'busy').toMatchObject({ code: 5 });
  hub.refuse = null;
  hub.show = { leaves: leavesOf(0), size: 0, note: null };
  expect(await lookOnce(dir, hub), 'nothing signed yet').toMatchObject({ code: 0 });
  fs.chmodSync(path.join(dir, 'key'), 0o644);
  expect(await lookOnce(dir, hub), 'open to others').toMatchObject({ code: 2 });
});

test('[RC-62] two programs do not share one folder', async () => {
  await makeKey(dir);
  let inside: Promise<{ code: number; complained: string }> | null = null;
  hub.onRequest = async () => {
    inside ??= lookOnce(dir, hub);
    expect(await inside).toMatchObject({
      code: 2,
      complained: expect.stringContaining('in use by another witness'),
    });
  };
  expect(await lookOnce(dir, hub)).toMatchObject({ code: 0 });
  expect(inside).not.toBeNull();
});
