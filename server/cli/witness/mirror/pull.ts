import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { hex } from '#shared/kernel/encoding.ts';
import type { Random } from '#shared/kernel/random.ts';
import { parseVkey } from '#shared/record/keys.ts';
import type { Evidence } from '#shared/record/witness/evidence.ts';
import { type Pin, readSigned } from '#shared/record/witness/watch.ts';

import type { WitnessFolder } from '../folder.ts';
import { type MirrorClient, unreachable } from '../hub-client.ts';
import type { MirrorFolder } from './folder.ts';
import { type Received, receivePart } from './receive.ts';

/** What one round came to. */
export type Pulled =
  | { readonly did: 'same'; readonly size: number }
  | {
      readonly did: 'kept';
      readonly from: number;
      readonly end: Pin;
      readonly withheld: number;
      readonly purged: boolean;
    }
  | { readonly did: 'unverified'; readonly reason: string }
  | { readonly did: 'refused'; readonly code: string; readonly says: string }
  | { readonly did: 'no-hub'; readonly says: string }
  | { readonly did: 'contradiction'; readonly evidence: Evidence; readonly file: string };

export type Pulling = {
  readonly witness: WitnessFolder;
  /** What this witness has seen last. Read anew each round: `run` goes on beside. */
  readonly pin: Pin;
  readonly mirror: MirrorFolder;
  readonly hub: MirrorClient;
  readonly now: () => Millis;
  readonly random: Random;
};

/** The opening of this run, and since when. */
export type Opening = { seq: number; at: Millis } | null;

/** A little before the hub lets an opening lapse. */
const AFRESH: Millis = 20 * 3_600_000;

/**
 * Fetches what is missing, part by part; each is verified whole, and must go on from the parts before it and contain what
 * the witness has seen, before it is kept. [RC-84] [RC-86]
 */
export async function pull(pulling: Pulling, held: Opening): Promise<{ opening: Opening; pulled: Pulled }> {
  const { hub, mirror, now, random } = pulling;
  const reached = mirror.reached();
  const fresh = held !== null && now() - held.at < AFRESH ? held : null;
  if (fresh !== null) {
    const target = await newestSize(pulling, reached);
    if (typeof target !== 'number') return { opening: fresh, pulled: target };
    return fetchUpTo(pulling, fresh, { target, began: reached });
  }
  const opened = await hub.open(hex(random.bytes(16)));
  if (!opened.ok) return { opening: null, pulled: failed(opened) };
  const opening = { seq: opened.reply.opening, at: now() };
  const known = [reached, pulling.pin].filter((pin) => pin !== null);
  const longer = known.find(({ size }) => size > opening.seq);
  // The entry of this very opening comes after everything seen before.
  if (longer !== undefined)
    return { opening, pulled: await contradiction(pulling, longer, 'rolled-back', 'record-became-shorter') };
  return fetchUpTo(pulling, opening, { target: opening.seq + 1, began: reached });
}

/** How far the hub says the record is now, under the pinned key. */
async function newestSize({ hub, pin }: Pulling, reached: Pin | null): Promise<number | Pulled> {
  const asked = await hub.checkpoint(reached?.size ?? 0);
  if (!asked.ok) return failed(asked);
  const key = parseVkey(pin.vkey);
  const signed = key === null ? 'key-malformed' : readSigned(asked.reply.note ?? '', key);
  return typeof signed === 'string' ? { did: 'unverified', reason: signed } : signed.size;
}

async function fetchUpTo(
  pulling: Pulling,
  opening: NonNullable<Opening>,
  { target, began }: { readonly target: number; readonly began: Pin | null },
): Promise<{ opening: Opening; pulled: Pulled }> {
  let [reached, withheld, purged] = [began, 0, false];
  while ((reached?.size ?? 0) < target) {
    const got = await fetchPart(pulling, opening.seq, reached);
    if ('did' in got) {
      // An opening that the hub no longer knows is made anew in the next round.
      const lapsed = got.did === 'refused' && got.code === 'bad.request';
      return { opening: lapsed ? null : opening, pulled: got };
    }
    [reached, withheld, purged] = [got.end, withheld + got.withheld, purged || got.purged];
  }
  const from = began?.size ?? 0;
  if (reached === null || reached.size === from) return { opening, pulled: { did: 'same', size: from } };
  return { opening, pulled: { did: 'kept', from, end: reached, withheld, purged } };
}

async function fetchPart(pulling: Pulling, opening: number, reached: Pin | null): Promise<Received | Pulled> {
  const { hub, mirror, pin } = pulling;
  const from = reached?.size ?? 0;
  const asked = await hub.part({ opening, since: from });
  if (!asked.ok) return failed(asked);
  const expected = { file: mirror.arriving, from, vkey: pin.vkey, rootsAt: [pin.size] };
  const receiving = await receivePart(asked.reply, expected).catch((error: unknown) => unreachable(error));
  if ('why' in receiving) return failed(receiving);
  if (!receiving.ok)
    return receiving.cut
      ? { did: 'no-hub', says: 'the part broke off' }
      : { did: 'unverified', reason: receiving.reason };
  const { part } = receiving;
  const broken = contradicted(part, { reached, pin });
  if (broken !== null) {
    const proof = mirror.keepProof(from);
    return contradiction(pulling, broken, 'forked', `mirror-part-differs: ${proof}`, part.end.note);
  }
  await mirror.keep(from, part.end);
  return part;
}

/** What was known and is not in this part as it should be; null when all of it is. */
function contradicted(
  { rootBefore, roots }: Received,
  { reached, pin }: { readonly reached: Pin | null; readonly pin: Pin },
): Pin | null {
  if (reached !== null && rootBefore !== reached.root) return reached;
  if (reached !== null && reached.size === pin.size) return rootBefore === pin.root ? null : pin;
  const root = roots.get(pin.size);
  return root === undefined || root === pin.root ? null : pin;
}

/** What the hub shows now stands beside what was known; the witness signs nothing more. [RC-63] */
async function contradiction(
  { witness, hub, now }: Pulling,
  known: Pin,
  state: 'forked' | 'rolled-back',
  reason: string,
  note?: string | null,
): Promise<Pulled> {
  const asked = note === undefined ? await hub.checkpoint(0) : null;
  const shown = note ?? (asked?.ok === true ? asked.reply.note : null);
  const origin = parseVkey(known.vkey)?.name ?? '';
  const evidence: Evidence = {
    format: 'muster-witness-evidence/1',
    origin,
    seenAt: isoTime(now()),
    state,
    reason,
    known: { vkey: known.vkey, size: known.size, root: known.root, note: known.note },
    shown: { vkey: known.vkey, note: shown, consistency: [] },
  };
  return { did: 'contradiction', evidence, file: witness.keepEvidence(evidence) };
}

function failed({ why, code, says }: { why: string; code: string; says: string }): Pulled {
  return why === 'refused' ? { did: 'refused', code, says } : { did: 'no-hub', says };
}
