import { accepted, type Canonical, refused } from '../verdict.ts';

/** Digest length in hexadecimal digits, and the digest of nothing, which every empty file shares. */
export const hashLengths = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 } as const;
export type HashType = keyof typeof hashLengths;

const EMPTY: Readonly<Record<HashType, string>> = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha224: 'd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  sha384: '38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b',
  sha512:
    'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
};

/** Lower-case hexadecimal of the exact length. [IN-13] */
export function canonicaliseHash(type: HashType, raw: string): Canonical {
  const value = raw.trim().toLowerCase();
  if (!/^[0-9a-f]*$/.test(value)) return refused('not-hex', 'A hash has only the digits 0-9 and a-f.');
  if (value.length !== hashLengths[type]) {
    return refused(
      'wrong-length',
      `${value.length} digits: this kind of hash has ${hashLengths[type]}.`,
      lengthHint(value.length),
    );
  }
  return accepted({ type, value, notes: value === EMPTY[type] ? ['known-benign'] : [] });
}

/** The kind of hash that has this many hexadecimal digits, if any. */
export function hashOfLength(length: number): HashType | null {
  for (const type of Object.keys(EMPTY)) {
    if (isHashType(type) && hashLengths[type] === length) return type;
  }
  return null;
}

function isHashType(text: string): text is HashType {
  return Object.hasOwn(hashLengths, text);
}

function lengthHint(length: number): string | undefined {
  const type = hashOfLength(length);
  return type ? `That is the length of a ${type.toUpperCase()} hash.` : undefined;
}
