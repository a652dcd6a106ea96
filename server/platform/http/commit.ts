import type { HoldSessions, RoomPass, Session } from '#server/platform/access.ts';
import type { Announce, Append, Fact, LogId, Recorded, SignReceipts } from '#server/platform/facts.ts';
import { duplicateKey, oneRow, type Store, sql, sqlState, type Tx } from '#server/platform/storage/store.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import type { Millis } from '#shared/kernel/clock.ts';
import { fromHex, hex } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { CommandId, OfficerId } from '#shared/kernel/ids.ts';
import type { Author } from '#shared/record/entry.ts';

import type { Acted, NewFact } from './commands.ts';

export type CommitDeps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly signReceipts: SignReceipts;
  readonly hold: HoldSessions;
  readonly authorOf: (session: Session | null, pass?: RoomPass) => Author;
};

/** Who acts, and under which command. The officer of a public call is known only once it has acted. */
export type Actor = {
  readonly call: string;
  readonly session: Session | null;
  readonly pass: RoomPass | null;
  readonly commandId: CommandId | null;
  readonly now: number;
  /** Replies that carry a secret are not kept; a repeat is refused instead of answered. */
  readonly secretReply: boolean;
};

export type Committed<R> = {
  readonly reply: R & RecordedAt;
  readonly acted: Acted<R> | null;
  /** For every entry of this act; those of a repeat are given anew. */
  readonly receipts: readonly string[];
};
type RecordedAt = { readonly recorded?: { seq: number; leafHash: string } };
/** Where the entries of an act stand and since when, as it is kept beside the reply. */
type Place = readonly [log: LogId, seq: number, leafHash: string, at: Millis];

/**
 * One act, one transaction: the session still holds, the command is new, the state and its entries are written. After
 * the commit the record's growth is announced. [AC-5] [AC-6]
 */
export async function commitActs<R>(
  deps: CommitDeps,
  actor: Actor,
  act: (tx: Tx) => Promise<Acted<R>>,
): Promise<Committed<R>> {
  const groups: { log: LogId; recorded: Recorded[] }[] = [];
  const result = await deps.store
    .write(async (tx) => {
      await holdSession(deps, tx, actor);
      const earlier = await earlierReply(tx, actor);
      if (earlier !== null) {
        const { places, ...reply } = JSON.parse(earlier) as R & RecordedAt & { places?: Place[] };
        return { reply: reply as R & RecordedAt, acted: null, places: places ?? [] };
      }
      const acted = await act(tx);
      const recorded = await appendAll(deps, tx, { actor, acted, groups });
      const reply = await replyOf(acted, recorded);
      const places = groups.flatMap((group) => placesOf(group, actor.now));
      await keepReply(tx, actor, { reply, places });
      return { reply, acted, places };
    })
    .catch((error: unknown) => {
      if (sqlState(error) === duplicateKey && actor.commandId !== null && isAboutCommands(error))
        throw refuse('try.again');
      throw error;
    });
  const epoch = actor.pass === null ? null : actor.pass.aclEpoch + (result.acted?.movesEpoch ? 1 : 0);
  for (const { log, recorded } of groups)
    announceGroup(deps, { log, recorded, epoch: log === actor.pass?.operation ? epoch : null });
  result.acted?.afterCommit?.();
  return { reply: result.reply, acted: result.acted, receipts: receiptsFor(deps, result.places) };
}

function placesOf({ log, recorded }: { log: LogId; recorded: readonly Recorded[] }, now: Millis): Place[] {
  return recorded.map(({ seq, leafHash }): Place => [log, seq, hex(leafHash), now]);
}

/** Only after the commit: nothing is promised that does not stand. A repeat is given the same once more. */
function receiptsFor({ signReceipts }: CommitDeps, places: readonly Place[]): string[] {
  const logs = [...new Set(places.map(([log]) => log))];
  return logs.flatMap((log) => {
    const own = places.filter(([of]) => of === log);
    const recorded = own.map(([, seq, leaf]) => ({ seq, leafHash: fromHex(leaf) ?? new Uint8Array() }));
    return signReceipts(log, recorded, own[0]?.[3] ?? 0);
  });
}

async function holdSession(deps: CommitDeps, tx: Tx, { session }: Actor): Promise<void> {
  if (session === null) return;
  const lost = await deps.hold(tx, [session]);
  if (lost.has(session.id)) throw refuse('session.ended');
}

async function earlierReply(tx: Tx, { session, commandId, call }: Actor): Promise<string | null> {
  if (session === null || commandId === null) return null;
  const row = await oneRow<{ call: string; reply: string }>(
    tx,
    sql`select call, reply from commands where officer_id = ${session.officer} and command_id = ${commandId}`,
  );
  if (row === null) return null;
  if (row.call !== call || row.reply === '') {
    throw refuse('already.exists', { where: 'commandId', what: 'this command id has been used' });
  }
  return row.reply;
}

async function appendAll<R>(
  deps: CommitDeps,
  tx: Tx,
  { actor, acted, groups }: { actor: Actor; acted: Acted<R>; groups: { log: LogId; recorded: Recorded[] }[] },
): Promise<Recorded[]> {
  const home: LogId = actor.pass?.operation ?? 'hub';
  const byLog = new Map<LogId, { fact: NewFact; at: number }[]>();
  acted.facts.forEach((fact, at) => {
    const log = fact.log ?? home;
    byLog.set(log, [...(byLog.get(log) ?? []), { fact, at }]);
  });
  const recorded: Recorded[] = [];
  for (const log of [...byLog.keys()].sort(operationsFirst)) {
    const group = byLog.get(log) ?? [];
    const own = log === actor.pass?.operation;
    const written = await deps.append(tx, {
      log,
      epoch: own ? (actor.pass?.aclEpoch ?? null) : null,
      movesEpoch: own && acted.movesEpoch === true,
      facts: group.map(({ fact }) => complete(deps, actor, fact)),
    });
    groups.push({ log, recorded: written });
    group.forEach(({ at }, index) => {
      const one = written[index];
      invariant(one !== undefined, 'an entry without a position');
      recorded[at] = one;
    });
  }
  return recorded;
}

/** Lock order: operations by id, the hub after all of them. */
function operationsFirst(a: LogId, b: LogId): number {
  if (a === 'hub') return 1;
  if (b === 'hub') return -1;
  return a < b ? -1 : 1;
}

function complete(deps: CommitDeps, actor: Actor, fact: NewFact): Fact {
  return {
    kind: fact.kind,
    by: fact.by ?? deps.authorOf(actor.session, actor.pass ?? undefined),
    object: fact.object,
    compartment: fact.compartment,
    outcome: fact.outcome ?? 'ok',
    command: actor.commandId,
    body: fact.body,
  };
}

async function replyOf<R>(acted: Acted<R>, recorded: readonly Recorded[]): Promise<R & RecordedAt> {
  const reply =
    typeof acted.reply === 'function'
      ? await (acted.reply as (r: readonly Recorded[]) => R | Promise<R>)(recorded)
      : acted.reply;
  const last = recorded.at(-1);
  if (last === undefined || typeof reply !== 'object' || reply === null) return reply as R & RecordedAt;
  return { ...reply, recorded: { seq: last.seq, leafHash: hex(last.leafHash) } };
}

async function keepReply(
  tx: Tx,
  actor: Actor,
  { reply, places }: { reply: object; places: readonly Place[] },
): Promise<void> {
  const officer: OfficerId | undefined = actor.session?.officer;
  if (officer === undefined || actor.commandId === null) return;
  const kept = actor.secretReply
    ? ''
    : canonicalJson(JSON.parse(JSON.stringify({ ...reply, places })) as Json);
  await sql`insert into commands (officer_id, command_id, call, reply, at_ms)
            values (${officer}, ${actor.commandId}, ${actor.call}, ${kept}, ${actor.now})`.execute(tx);
}

function isAboutCommands(error: unknown): boolean {
  return error instanceof Error && 'table' in error && error.table === 'commands';
}

function announceGroup(
  deps: CommitDeps,
  { log, recorded, epoch }: { log: LogId; recorded: Recorded[]; epoch: number | null },
): void {
  const first = recorded[0];
  const last = recorded.at(-1);
  if (first && last) deps.announce({ log, from: first.seq, to: last.seq + 1, epoch });
}
