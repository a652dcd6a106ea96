import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

import { openLogKeys } from '#server/record/signing/keys.ts';
import { base64 } from '#shared/kernel/encoding.ts';

import { random, scratchFolder } from './support.ts';

const [glacier, hub] = ['hub.example/op/0123456789abcdef0123456789abcdef', 'hub.example/hub'];

function freshFolder(): string {
  return path.join(scratchFolder(), 'made', 'signer');
}

test('[RC-32] the seed is made at the first start, for its owner only, and gives the same keys ever after', () => {
  const folder = freshFolder();
  const first = openLogKeys(folder, random);
  expect([folder, path.join(folder, 'seed')].map((file) => fs.statSync(file).mode & 0o777)).toEqual([
    0o700, 0o600,
  ]);
  expect(fs.readdirSync(folder)).toEqual(['seed']);
  const again = openLogKeys(folder, random);
  expect(again.signerOf(glacier).publicKey).toEqual(first.signerOf(glacier).publicKey);
  expect(again.receiptSignerOf(glacier).publicKey).toEqual(first.receiptSignerOf(glacier).publicKey);
  expect(openLogKeys(freshFolder(), random).signerOf(glacier).publicKey).not.toEqual(
    first.signerOf(glacier).publicKey,
  );
});

test('[RC-32] no two records and no two roles have one key', () => {
  const keys = openLogKeys(freshFolder(), random);
  const signers = [glacier, hub].flatMap((origin) => [keys.signerOf(origin), keys.receiptSignerOf(origin)]);
  expect(signers.map(({ name }) => name)).toEqual([glacier, `${glacier}/receipt`, hub, `${hub}/receipt`]);
  expect(new Set(signers.map(({ publicKey }) => base64(publicKey))).size).toBe(4);
});

test.each([
  ['seed', 0o640, 'Set its mode to 0600'],
  ['seed', 0o604, 'Set its mode to 0600'],
  ['.', 0o750, 'Set its mode to 0700'],
])('[RC-32] a signer does not start when others may read %s (mode %o)', (name, mode, sentence) => {
  const folder = freshFolder();
  openLogKeys(folder, random);
  fs.chmodSync(path.join(folder, name), mode);
  expect(() => openLogKeys(folder, random)).toThrow(sentence);
});

test('[RC-32] a seed that is not 32 bytes is not used', () => {
  const folder = freshFolder();
  openLogKeys(folder, random);
  fs.writeFileSync(path.join(folder, 'seed'), new Uint8Array(31));
  expect(() => openLogKeys(folder, random)).toThrow('does not hold 32 bytes');
});
