import type { LogId } from '#server/platform/facts.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import { type Clock, every } from '#shared/kernel/clock.ts';
import { Fatal, invariant } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';
import { parseCertificate } from '#shared/record/certificate.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { isSealText } from '#shared/record/export/lines.ts';
import { formatVkey, noteKey, type Signer, signatureTypes } from '#shared/record/keys.ts';
import { signNote } from '#shared/record/note.ts';
import { isPackSealText } from '#shared/record/pack/tags.ts';

import { newestCheckpoint, type StoredCheckpoint, unsignedLogs } from './checkpoints.ts';
import { answerSealRequest, type OpenRequest, openSealRequests } from './seal-requests.ts';
import { openLogKeys } from './signing/keys.ts';
import { openLastSigned } from './signing/last-signed.ts';
import { SignedLog, type Step } from './signing/signed-log.ts';

export type SignerDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** SIGNER_DIR: the seed and what was signed last. Of one process, and never restored from a backup. */
  readonly folder: string;
  readonly log: Log;
  /** Told once for each record whose signing stops in doubt. */
  readonly onAlarm?: (alarm: SignerAlarm) => void;
  /** Leaves of one step; 1024 unless said. */
  readonly batch?: number;
};

export type SignerAlarm = { readonly log: LogId; readonly reason: string };

/** The role that vouches for the records. Only nodes configured for it have one. */
export type RecordSigner = {
  /** The key of a record as verifiers pin it. */
  keyOf(origin: string): string;
  /** Signs receipts of this node. */
  receiptSigner(hubOrigin: string): Signer;
  /** A checkpoint of at least `size` entries, signing at once what is missing; null after `within` ms, or when signing has stopped. */
  cover(log: LogId, size: number, within: number): Promise<StoredCheckpoint | null>;
  /** Signs the seal of an export. Never a checkpoint. [RC-21] */
  seal(origin: string, text: string): string;
  /** Records whose signing has stopped in doubt, until the process starts again. */
  stopped(): readonly SignerAlarm[];
  /** The same in one sentence that names no record, else nothing. */
  warnings(): readonly string[];
  stop(): Promise<void>;
};

const PERIOD = 500;
const BATCH = 1024;
const PAUSE = 50;

/** Signs every record that has grown, every half second. A doubt stops the record it is about, and no other. [RC-33] [RC-34] */
export function startSigner(deps: SignerDeps): RecordSigner {
  const { store, clock, batch = BATCH } = deps;
  const keys = openLogKeys(deps.folder, deps.random);
  const lastSigned = openLastSigned(deps.folder, deps.random);
  const logs = new Map<LogId, SignedLog>();
  const doubts = new Map<LogId, string>();
  let turn: Promise<unknown> = Promise.resolve();
  let ended = false;
  // Everything ever signed is looked at once, so that a store put back is noticed before it grows again.
  const unchecked = new Set(lastSigned.logs());
  const endRounds = every(clock, PERIOD, () => inTurn(round));

  return {
    keyOf: (origin) => formatVkey(noteKey(keys.signerOf(origin), signatureTypes.log)),
    receiptSigner: keys.receiptSignerOf,
    cover,
    seal,
    stopped: () => [...doubts].map(([log, reason]) => ({ log, reason })),
    warnings: () =>
      doubts.size === 0 ? [] : [`signing has stopped in doubt: ${doubts.size} of the records`],
    async stop() {
      ended = true;
      endRounds();
      await turn;
    },
  };

  /** Rounds and covers take turns: a record never takes two steps at once here. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.then(noop, noop);
    return mine;
  }

  async function round(): Promise<void> {
    try {
      const { logs: grown, seals } = await store.read(async (tx) => ({
        logs: await unsignedLogs(tx),
        seals: await openSealRequests(tx),
      }));
      await answerSeals(seals);
      let due = [...new Set([...grown, ...unchecked])];
      while (due.length > 0 && !ended) {
        const behind: LogId[] = [];
        for (const log of due) if ((await step(log)) === 'behind') behind.push(log);
        due = behind;
      }
    } catch (error) {
      deps.log.error({ err: error }, 'signing: the records could not be read');
    }
  }

  function seal(origin: string, text: string): string {
    invariant(parseCheckpoint(text) === null, 'a seal that reads as a checkpoint');
    return signNote(keys.signerOf(origin), text);
  }

  /** For nodes that do not sign: only the end of an export, or a certificate, of a record not in doubt, whose entry stands. [RC-45] */
  async function answerSeals(open: readonly OpenRequest[]): Promise<void> {
    for (const request of open) {
      const { origin, text } = request;
      if (doubts.has(request.log) || !maySeal(request)) continue;
      const answer = { seal: seal(origin, text), now: clock.now() };
      await store.write((tx) => answerSealRequest(tx, request, answer));
    }
  }

  /** `failed`: try again in the next round. `stopped`: not before the process starts again. */
  async function step(log: LogId): Promise<Step | 'failed' | 'stopped'> {
    if (ended || doubts.has(log)) return 'stopped';
    try {
      const outcome = await signedLog(log).step();
      unchecked.delete(log);
      return outcome;
    } catch (error) {
      if (!(error instanceof Fatal)) {
        deps.log.error({ err: error, record: log }, 'signing failed and will be tried again');
        return 'failed';
      }
      unchecked.delete(log);
      doubts.set(log, error.message);
      deps.log.fatal({ err: error, record: log }, 'signing of this record has stopped');
      deps.onAlarm?.({ log, reason: error.message });
      return 'stopped';
    }
  }

  function signedLog(log: LogId): SignedLog {
    const { signerOf } = keys;
    const held = logs.get(log) ?? new SignedLog(log, { store, clock, signerOf, lastSigned, batch });
    logs.set(log, held);
    return held;
  }

  async function cover(log: LogId, size: number, within: number): Promise<StoredCheckpoint | null> {
    const until = clock.now() + within;
    for (;;) {
      const outcome = await inTurn(() => step(log));
      const newest = await store.read((tx) => newestCheckpoint(tx, log));
      if (newest !== null && newest.size >= size) return newest;
      if (outcome === 'stopped' || clock.now() >= until) return null;
      if (outcome !== 'behind') await new Promise<void>((resume) => clock.after(PAUSE, resume));
    }
  }
}

function maySeal({ kind, origin, seq, text }: OpenRequest): boolean {
  if (kind === 'record.mirrored') return isSealText(origin, text);
  if (kind === 'record.exported') return isSealText(origin, text) || isPackSealText(origin, text);
  const certificate = parseCertificate(text);
  return certificate !== null && certificate.origin === origin && certificate.done === seq;
}

function noop(): void {
  // The turn goes on, however the last one ended; whoever asked for it hears how.
}
