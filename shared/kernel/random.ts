import { hex } from './encoding.ts';
import { asId, type Brand } from './ids.ts';

/** The only source of chance outside `app`. Cryptographic in a hub, seeded in a fuzz test. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export function newId<T extends Brand<string, string>>(random: Random): T {
  return asId<T>(hex(random.bytes(16)));
}
