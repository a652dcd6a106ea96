import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { reviewBy } from '../support.ts';
import { playScene } from './scene.ts';
import { type AskedPack, packFor, unpack } from './support.ts';

const guide = fs.readFileSync('docs/guides/verify-a-record.md', 'utf8');
const blocksOf = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  );
const there = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const x = fs.existsSync('/usr/share/gocode/src/golang.org/x/mod');

let hub: TestHub;
let folder: string;
let vkey: string;
/** Folders of a pack of the whole record, some of it withheld; of a time, some withheld; and of objects. */
const bags: string[] = [];

beforeAll(async () => {
  hub = await startHub();
  folder = fs.mkdtempSync(path.join(hub.folder, 'guide-'));
  const { tan, operation, board, toAll } = await playScene(hub);
  await reviewBy(tan, operation).export();
  vkey = (await reviewBy(tan, operation).checkpoint()).vkey ?? '';
  const since =
    (await reviewBy(tan, operation).entries()).entries.find(({ seq }) => seq === toAll.seq)?.at ?? '';
  const recipient = { kind: 'officer' as const, officerId: hub.officerId('jonas') };
  const asked: AskedPack[] = [
    { recipient },
    { recipient, scope: { kind: 'time', since, until: '2999-01-01T00:00:00Z' } },
    { scope: { kind: 'objects', objects: [{ kind: 'board', id: board.id }] } },
    {},
  ];
  for (const [at, each] of asked.entries()) {
    const bag = path.join(folder, `bag-${at}`);
    for (const [name, bytes] of unpack((await packFor(tan, operation, each)).bytes)) {
      fs.mkdirSync(path.dirname(path.join(bag, name)), { recursive: true });
      fs.writeFileSync(path.join(bag, name), bytes);
    }
    bags.push(bag);
  }
}, 180_000);
afterAll(stopHubs);

/** One of the guide's programs on one bag. Its files in /tmp go to a folder of the test. */
function run(command: string, args: readonly string[], bag: string) {
  const ran = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      KEY: vkey,
      BAG: bag,
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOFLAGS: '',
    },
  });
  return { status: ran.status, out: ran.stdout.trim(), said: `${ran.stdout}${ran.stderr}` };
}

const shell = blocksOf('sh').map((code) => code.replaceAll('/tmp/', './'));

/** Changes one byte of one file, and takes it back. */
function withChange<T>(bag: string, name: string, work: () => T): T {
  const file = path.join(bag, name);
  const held = fs.readFileSync(file);
  const changed = Buffer.from(held);
  const at = Math.floor(changed.length / 2);
  changed[at] = (changed[at] ?? 0) ^ 1;
  fs.writeFileSync(file, changed);
  const result = work();
  fs.writeFileSync(file, held);
  return result;
}

test.skipIf(!there('sha256sum'))(
  '[RC-70] the guide: sha256sum checks every file, and finds one that is on no list',
  () => {
    const check = (bag: string) => run('sh', ['-euc', shell[0] ?? ''], bag);
    for (const bag of bags) expect(check(bag)).toEqual({ status: 0, out: '', said: '' });
    const [bag = ''] = bags;
    expect(withChange(bag, 'data/custody.csv', () => check(bag)).status).not.toBe(0);
    fs.writeFileSync(path.join(bag, 'data/extra'), 'x');
    expect(check(bag).status).not.toBe(0);
    fs.rmSync(path.join(bag, 'data/extra'));
  },
);

test.skipIf(!there('openssl'))(
  '[RC-73] the guide: openssl checks seal and checkpoint with the key from outside',
  () => {
    const check = (bag: string) => run('sh', ['-euc', shell[1] ?? ''], bag);
    const good = [
      'Signature Verified Successfully',
      'Signature Verified Successfully',
      'The seal is of these lists',
    ];
    for (const bag of bags) expect(check(bag)).toMatchObject({ status: 0, out: good.join('\n') });
    const [bag = ''] = bags;
    for (const name of ['seal.txt', 'data/log/checkpoint', 'tagmanifest-sha256.txt'])
      expect([name, withChange(bag, name, () => check(bag)).status]).not.toEqual([name, 0]);
  },
);

test.skipIf(!there('python3'))('[RC-74] the guide: Python follows every entry to the signed root', () => {
  fs.writeFileSync(path.join(folder, 'check.py'), blocksOf('python')[0] ?? '');
  const check = (bag: string) => run('python3', ['check.py', bag], bag);
  const said = bags.map((bag) => check(bag));
  expect(said.map(({ status, out }) => [status, out.replace(/^\S+: /, '').replaceAll(/\d+/g, 'n')])).toEqual(
    bags.map(() => [0, 'n entries proven, n with their content, n withheld and proven']),
  );
  for (const bag of bags) {
    const [content = ''] = fs
      .readdirSync(path.join(bag, 'data/payload'))
      .filter((name) => name.endsWith('.bin'));
    expect(withChange(bag, `data/payload/${content}`, () => check(bag)).status).toBe(1);
    const entries = path.join(bag, 'data/entries');
    const [entry] = fs.existsSync(entries) ? fs.readdirSync(entries) : [];
    if (entry !== undefined)
      expect(withChange(bag, `data/entries/${entry}`, () => check(bag)).status).toBe(1);
  }
});

test.skipIf(!there('go') || !x)(
  '[RC-74] the guide: Go, with the packages of its module database, agrees',
  { timeout: 180_000 },
  () => {
    fs.writeFileSync(path.join(folder, 'check.go'), blocksOf('go')[0] ?? '');
    const built = run('go', ['build', '-o', 'check', 'check.go'], '');
    expect(built).toMatchObject({ status: 0, said: '' });
    const check = (bag: string) => run(path.join(folder, 'check'), [vkey, bag], bag);
    for (const bag of bags)
      expect(check(bag)).toMatchObject({
        status: 0,
        out: expect.stringMatching(/: signed, \d+ entries proven$/),
      });
    const [, , objects = ''] = bags;
    const [entry = ''] = fs.readdirSync(path.join(objects, 'data/entries'));
    expect(withChange(objects, `data/entries/${entry}`, () => check(objects)).status).toBe(1);
    expect(withChange(objects, 'data/log/checkpoint', () => check(objects)).status).toBe(1);
  },
);
