import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler } from '#server/platform/http/commands.ts';
import { newToken } from '#server/platform/secrets.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { registerWitness } from '#shared/contracts/witnesses.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { WitnessId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';
import type { CosignerKind } from '#shared/policy/cosigners.ts';
import { type NoteKey, parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { cosignerName } from '#shared/record/witness/names.ts';

import * as store from './store.ts';

/** One officer works on a few machines, not on many. */
const MOST_BROWSERS = 5;

/** A desk says with which key it watches: an act, and an entry. [RC-56] */
export function registerHandler({ random }: { readonly random: Random }): Handler {
  return command({
    call: registerWitness,
    async act(tx, { pass, now }, { vkey }) {
      const { key, kind } = ownKey(pass, vkey);
      await store.takeTurn(tx, pass);
      await refuseMore(tx, pass, { key, kind });
      const id = newId<WitnessId>(random);
      const made = kind === 'witness' ? newToken(random) : null;
      const publicKey = key.publicKey;
      await store.insertWitness(tx, pass, {
        id,
        kind,
        vkey,
        publicKey,
        credentialHash: made?.hash ?? null,
        now,
      });
      const body = { kind, desk: pass.session.desk.code, vkey };
      const object = { kind: 'witness', id };
      const facts = [{ kind: 'witness.registered' as const, object, compartment: pass.main, body }];
      return { facts, reply: { id, kind, credential: made?.token ?? null } };
    },
  });
}

/** A key named for the desk of whoever registers it, and for one of the two kinds. [RC-56] */
function ownKey(pass: RoomPass, vkey: string): { key: NoteKey; kind: CosignerKind } {
  const key = parseVkey(vkey);
  if (key?.type !== signatureTypes.cosigner)
    throw refuse('bad.request', {
      where: 'vkey',
      what: 'not the verification key of a cosigner (type 0x04)',
    });
  const { code } = pass.session.desk;
  const kinds: readonly CosignerKind[] = ['witness', 'officer-browser'];
  const kind = kinds.find((each) => cosignerName(each, code) === key.name);
  if (kind === undefined) {
    throw refuse('bad.request', {
      where: 'vkey',
      what: `the key must be named ${cosignerName('witness', code)}`,
    });
  }
  return { key, kind };
}

async function refuseMore(
  tx: Tx,
  pass: RoomPass,
  { key, kind }: { key: NoteKey; kind: CosignerKind },
): Promise<void> {
  if (await store.isKeyKnown(tx, key.publicKey))
    throw refuse('already.exists', { where: 'vkey', what: 'a key is registered once; make a new one' });
  const held = await store.countAtWork(tx, pass, kind);
  if (kind === 'witness' && held > 0)
    throw refuse('already.exists', { where: 'vkey', what: 'your desk has a witness here; retire it first' });
  if (held >= MOST_BROWSERS)
    throw refuse('already.exists', {
      where: 'vkey',
      what: 'five of your browsers cosign already; retire one',
    });
}
