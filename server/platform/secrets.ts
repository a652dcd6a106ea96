import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { invariant } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';

/** Keys of the hub that the database must not hold. All nodes of a hub share the one file. */
export type Secrets = {
  /** AES-256-GCM under a key of its own per `purpose`; `context` (a row's id) is authenticated with it. */
  seal(purpose: string, context: string, clear: Uint8Array): Buffer;
  /** Throws on anything this hub did not seal for that purpose and context. */
  unseal(purpose: string, context: string, sealed: Uint8Array): Buffer;
  /** HMAC key for passwords (a pepper): a stolen database alone cannot be searched. */
  readonly pepper: Buffer;
};

/** Reads the key file, or makes it (mode 0600) at the very first start. Refuses one that others may read. */
export function openSecrets(file: string, random: Random): Secrets {
  if (!fs.existsSync(file)) makeKeyFile(file, random);
  const { mode } = fs.statSync(file);
  if ((mode & 0o077) !== 0)
    throw new Error(`The key file ${file} may be read by others. Set its mode to 0600.`);
  const master = fs.readFileSync(file);
  if (master.length !== 32) throw new Error(`The key file ${file} does not hold 32 bytes.`);
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', master, '', `muster/${purpose}`, 32));
  return {
    pepper: keyFor('pepper'),
    seal(purpose, context, clear) {
      const iv = random.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), iv).setAAD(
        Buffer.from(`v1|${purpose}|${context}`),
      );
      const body = Buffer.concat([cipher.update(clear), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    unseal(purpose, context, sealed) {
      invariant(sealed.length >= 28, 'a sealed value that is too short');
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12))
        .setAAD(Buffer.from(`v1|${purpose}|${context}`))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
  };
}

function makeKeyFile(file: string, random: Random): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = fs.openSync(file, 'wx', 0o600);
  fs.writeSync(handle, random.bytes(32));
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}

/** 256 random bits as base64url, and the only form in which they are stored. */
export function newToken(random: Random): { token: string; hash: Buffer } {
  const token = Buffer.from(random.bytes(32)).toString('base64url');
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
