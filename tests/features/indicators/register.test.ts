import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { readCsv } from '#shared/interchange/csv/read-csv.ts';
import { readBundleText } from '#shared/interchange/stix/read-bundle.ts';

import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

const data = path.resolve(import.meta.dirname, '../../data/indicators');
const handling = { tlp: 'AMBER', pap: 'GREEN', code: 'H0', caveat: '', evaluation: null };

type Page = {
  indicators: { id: string; value: string; display: string; originator: string; handling: { tlp: string } }[];
  total: number;
  types: unknown[];
};
type Preview = {
  importId: string;
  counts: Record<string, number>;
  verdicts: {
    at: string;
    verdict: string;
    code: string | null;
    tlp: string | null;
    display: string | null;
  }[];
};

let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;
let chanida: TestOfficer;
let jonas: TestOfficer;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

async function room(): Promise<void> {
  glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  [tan, chanida, jonas] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('chanida'),
    await hub.signIn('jonas'),
  ];
}

const add = (officer: TestOfficer, raw: string, more: object = {}) =>
  officer.post(`/operations/${glacier.id}/indicators`, {
    type: null,
    raw,
    compartment: glacier.main,
    handling,
    ...more,
  });
const list = (officer: TestOfficer, query = '') =>
  officer.must<Page>('GET', `/operations/${glacier.id}/indicators?${query}`);
const preview = (officer: TestOfficer, format: string, content: string | Buffer, more: object = {}) =>
  officer.request('POST', `/operations/${glacier.id}/imports`, {
    format,
    content: Buffer.from(content).toString('base64'),
    compartment: glacier.main,
    handling,
    ...more,
  });
const commit = (officer: TestOfficer, importId: string, more: object = {}) =>
  officer.post(`/operations/${glacier.id}/imports/${importId}/commit`, more);

async function recordKinds(): Promise<string[]> {
  const live = await tan.connect();
  await live.enter(glacier.id);
  await live.until(() => live.frames.length > 0 && live.kinds.includes('room.entered'), 'the record');
  live.socket.disconnect();
  return live.entries.map(({ kind }: EntryOnWire) => kind);
}

describe('one indicator', () => {
  beforeAll(room);

  test('[IN-50] two originators of one selector are two contributions; the same desk twice is refused', async () => {
    const first = await add(tan, 'hxxps://Login-Bank[.]example/verify');
    expect(first).toMatchObject({
      status: 200,
      body: { type: 'url', value: 'https://login-bank.example/verify', originator: 'SG-CCD' },
    });
    const again = await add(tan, 'https://login-bank.example/verify');
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'already.exists', where: 'raw' } } });
    expect(await add(chanida, 'https://login-bank.example/verify')).toMatchObject({
      status: 200,
      body: { originator: 'TH-CCIB' },
    });
    expect((await list(tan)).indicators.map(({ originator }) => originator)).toEqual(['TH-CCIB', 'SG-CCD']);
    expect(await add(tan, 'a few words')).toMatchObject({
      status: 422,
      body: { error: { code: 'indicator.invalid', where: 'type' } },
    });
    expect(await add(tan, '999.1.1.1', { type: 'ipv4' })).toMatchObject({
      status: 422,
      body: { error: { where: 'raw' } },
    });
  });

  test('[IN-51] only the originator withdraws, and the record keeps it', async () => {
    const added = await add(tan, '203.0.113.7');
    const { id } = added.body as { id: string };
    const at = `/operations/${glacier.id}/indicators/${id}/withdraw`;
    expect(await chanida.post(at, { reason: 'wrong' })).toMatchObject({
      status: 403,
      body: { error: { code: 'not.originator' } },
    });
    expect(await tan.post(at, { reason: 'wrong host' })).toMatchObject({
      status: 200,
      body: { state: 'withdrawn' },
    });
    expect((await list(tan, 'text=203.0.113.7')).total).toBe(0);
    expect(await recordKinds()).toContain('indicator.withdrawn');
  });

  test('[IN-52] search and counts cover what the reader may see; defanged text finds the value', async () => {
    await add(jonas, 'partner-only.example', { compartment: glacier.partners });
    expect((await list(tan, 'text=login-bank[.]example')).total).toBe(2);
    expect(await list(jonas)).toMatchObject({
      total: 1,
      types: [{ type: 'domain', count: 1 }],
      originators: [{ originator: 'NORDWAND', count: 1 }],
    });
    expect(
      await jonas.get(`/operations/${glacier.id}/indicators/${(await list(tan)).indicators.at(-1)?.id}`),
    ).toMatchObject({ status: 404 });
    expect(await add(jonas, 'sneaky.example', { compartment: glacier.main })).toMatchObject({ status: 404 });
  });
});

describe('import and export', () => {
  beforeAll(room);

  test('[IN-53] a preview gives each row its verdict and writes nothing', async () => {
    const messy = fs.readFileSync(path.join(data, 'csv/messy-semicolon-bom.csv'));
    const before = await recordKinds();
    const { status, body } = await preview(tan, 'csv', messy);
    expect(status).toBe(200);
    const { counts, verdicts } = body as Preview;
    expect(counts.read).toBe(verdicts.length);
    expect(verdicts.some(({ verdict, code }) => verdict === 'refused' && code !== null)).toBe(true);
    expect(verdicts.some(({ verdict }) => verdict === 'new')).toBe(true);
    expect((await list(tan)).total).toBe(0);
    expect(await recordKinds()).toEqual(before);
  });

  test('[IN-53] a value named twice is one row under its strictest marking', async () => {
    const csv = 'type,value,tlp\ndomain,twice.example,GREEN\ndomain,TWICE.example.,RED\n';
    const { body } = await preview(tan, 'csv', csv, { handling: { ...handling, tlp: 'CLEAR' } });
    expect((body as Preview).verdicts).toMatchObject([
      { display: 'twice[.]example', tlp: 'RED', verdict: 'new' },
    ]);
  });

  test('[IN-54] an import is written in parts with a summary, and a repeat writes nothing', async () => {
    const { body } = await preview(
      chanida,
      'stix',
      fs.readFileSync(path.join(data, 'stix/amnesty/pegasus.stix2.json')),
    );
    const { importId, counts } = body as Preview;
    const done = await commit(chanida, importId);
    expect(done).toMatchObject({ status: 200, body: { written: counts.new } });
    expect((await list(tan, `importId=${importId}`)).total).toBe(counts.new);
    expect(await commit(chanida, importId)).toMatchObject({ status: 200, body: { written: counts.new } });
    expect((await list(tan, `importId=${importId}`)).total).toBe(counts.new);
    const kinds = await recordKinds();
    expect(kinds.filter((kind) => kind === 'indicators.imported')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'indicators.import-part').length).toBeGreaterThan(1);
    const again = await preview(
      chanida,
      'stix',
      fs.readFileSync(path.join(data, 'stix/amnesty/pegasus.stix2.json')),
    );
    expect((again.body as Preview).counts.new).toBe(0);
    expect(await commit(tan, importId)).toMatchObject({ status: 410 });
  });

  test('[IN-55] a hostile file is refused with what is wrong, and the hub goes on', async () => {
    const { body } = await preview(tan, 'stix', '{"type":"bundle","objects":[');
    expect((body as Preview).verdicts).toMatchObject([{ at: 'file', verdict: 'refused', code: 'not-json' }]);
    const smuggled = await preview(
      tan,
      'csv',
      'type,value,note\nip,1.2.3.4,"x\0y"\ndomain,good.example.net,fine\n',
    );
    expect((smuggled.body as Preview).verdicts).toMatchObject([{ verdict: 'new' }, { verdict: 'new' }]);
    expect(await commit(tan, (smuggled.body as Preview).importId)).toMatchObject({
      status: 200,
      body: { written: 2 },
    });
    const deep = `{"type":"bundle","objects":[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`;
    expect((await preview(tan, 'stix', deep)).status).toBeLessThan(500);
    expect(await preview(tan, 'csv', '', { content: '***' })).toMatchObject({
      status: 400,
      body: { error: { where: 'content' } },
    });
    expect((await list(tan)).total).toBeGreaterThan(0);
  });

  test('[IN-56] an export carries markings, keeps RED in, and is an entry', async () => {
    await add(tan, 'red-only.example', { handling: { ...handling, tlp: 'RED' } });
    await add(tan, '+cmd.example', { type: 'other' });
    const stix = await tan.post(`/operations/${glacier.id}/indicators/export`, { format: 'stix' });
    expect(stix.headers.get('content-disposition')).toContain('attachment');
    const read = readBundleText(String(stix.body));
    expect(read.problems).toEqual([]);
    expect(read.rows.flatMap((row) => row.selectors.map(({ value }) => value))).not.toContain(
      'red-only.example',
    );
    expect(new Set(read.rows.map((row) => row.markings.tlp))).toEqual(new Set(['AMBER']));
    const csv = await tan.post(`/operations/${glacier.id}/indicators/export`, {
      format: 'csv',
      defang: false,
    });
    expect(csv.body).toContain("'+cmd.example");
    expect(
      readCsv(String(csv.body), { defaults: { tlp: 'RED', pap: 'RED' } }).indicators.length,
    ).toBeGreaterThan(1000);
    const exported = await tan.connect();
    await exported.enter(glacier.id);
    await exported.until(
      () => exported.kinds.filter((kind) => kind === 'indicators.exported').length === 2,
      'the exports',
    );
    expect(exported.entries.find(({ kind }) => kind === 'indicators.exported')?.body).toMatchObject({
      format: 'stix',
      withheld: 1,
    });
  });
});
