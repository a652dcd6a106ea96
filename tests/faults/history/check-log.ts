import { openLogKeys } from '#server/record/signing/keys.ts';
import { equalBytes } from '#shared/kernel/encoding.ts';
import { can, type Role } from '#shared/policy/can.ts';
import type { Verb } from '#shared/policy/verbs.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { commitPayload, parseEntry } from '#shared/record/entry.ts';
import { noteKey, signatureTypes } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { Frontier, leafHash } from '#shared/record/tree.ts';

import type { StoredEntry, StoredRecord } from './read-record.ts';

export type Problems = string[];

/** Numbered 0 to head-1, each entry the bytes its hash and its content say, time never backwards. */
export function checkEntries({ entries, head, origin }: StoredRecord): Problems {
  const problems: Problems = [];
  if (entries.length !== head) problems.push(`head is ${head} and there are ${entries.length} entries`);
  let last = 0;
  for (const [at, stored] of entries.entries()) {
    if (stored.seq !== at) {
      problems.push(`entry ${stored.seq} stands at place ${at}`);
      break;
    }
    problems.push(...checkEntry(stored, origin).map((what) => `entry ${at} (${stored.kind}): ${what}`));
    if (stored.at_ms < last) problems.push(`entry ${at} is older than the one before`);
    last = stored.at_ms;
  }
  return problems;
}

function checkEntry(stored: StoredEntry, origin: string): Problems {
  const parsed = parseEntry(stored.bytes);
  if (!parsed.ok) return [parsed.reason];
  const { entry } = parsed;
  const problems: Problems = [];
  if (!equalBytes(leafHash(stored.bytes), stored.leaf_hash)) problems.push('not the bytes of its leaf hash');
  if (entry.seq !== stored.seq || entry.log !== origin) problems.push('bytes of another place');
  const officer = 'officer' in entry.by ? entry.by.officer : null;
  const told = [entry.kind, entry.outcome, officer, entry.object?.id ?? null, entry.at];
  const kept = [stored.kind, stored.outcome, stored.officer_id, stored.object_id, stored.at_ms];
  if (JSON.stringify(told) !== JSON.stringify(kept)) problems.push(`columns say ${kept}, bytes say ${told}`);
  if (stored.salt === null || stored.payload === null) problems.push('no content');
  else if (commitPayload(stored.salt, stored.payload).pc !== entry.commitment.pc)
    problems.push('another content');
  return problems;
}

/** Every signed checkpoint is of the tree that the entries give, under the hub's own key. */
export function checkCheckpoints(record: StoredRecord, signerFolder: string): Problems {
  const problems: Problems = [];
  const keys = openLogKeys(signerFolder, { bytes: () => new Uint8Array(0) });
  const key = noteKey(keys.signerOf(record.origin), signatureTypes.log);
  const tree = new Frontier();
  for (const { size, root, note } of record.checkpoints) {
    while (tree.size < size) {
      const next = record.entries[tree.size];
      if (next === undefined)
        return [...problems, `a checkpoint of ${size} over ${record.entries.length} entries`];
      tree.append(leafHash(next.bytes));
    }
    const verified = verifyNote(note, [key]);
    const signed = verified.ok ? parseCheckpoint(verified.text) : null;
    if (signed === null || signed.size !== size)
      problems.push(`the checkpoint of ${size} is not signed by the hub`);
    else if (!equalBytes(signed.root, tree.root()) || !equalBytes(root, tree.root()))
      problems.push(`the checkpoint of ${size} has another root than the entries`);
  }
  return problems;
}

const needed: Readonly<Record<string, Verb>> = {
  'board.updated': 'board.edit',
  'board.created': 'board.create',
  'message.posted': 'chat.post',
  'indicator.added': 'indicator.add',
};

/** Walks the record: whoever wrote an entry had the right to, by the entries before it. */
export function checkRights({ entries, officers }: StoredRecord): Problems {
  const problems: Problems = [];
  const roles = new Map<string, Role>();
  let operation: 'live' | 'closed' = 'live';
  for (const { seq, kind, outcome, officer_id, object_id, payload } of entries) {
    const verb = needed[kind];
    if (outcome === 'ok' && verb !== undefined && officer_id !== null) {
      const role = roles.get(officer_id);
      if (role === undefined || !can({ role, desk: 'police', operation }, verb))
        problems.push(
          `entry ${seq} (${kind}) is of ${officers.get(officer_id)}, who was ${role ?? 'no member'} then`,
        );
    }
    if (outcome !== 'ok' || object_id === null) continue;
    if (kind === 'member.added') roles.set(object_id, roleIn(payload));
    if (kind === 'member.removed') roles.delete(object_id);
    if (kind === 'operation.closed') operation = 'closed';
  }
  return problems;
}

function roleIn(payload: Buffer | null): Role {
  return (JSON.parse(payload?.toString('utf8') ?? '{}') as { role: Role }).role;
}

/** Two lists of names: what is in one and not in the other, and what is there twice. */
export function compareLists(what: string, record: readonly string[], state: readonly string[]): Problems {
  const problems: Problems = [];
  const [onRecord, inState] = [new Set(record), new Set(state)];
  if (onRecord.size !== record.length)
    problems.push(`${what}: ${record.length - onRecord.size} entries twice`);
  if (inState.size !== state.length) problems.push(`${what}: ${state.length - inState.size} rows twice`);
  for (const name of onRecord)
    if (!inState.has(name)) problems.push(`${what}: entry without its effect: ${name}`);
  for (const name of inState)
    if (!onRecord.has(name)) problems.push(`${what}: effect without its entry: ${name}`);
  return problems;
}

/** No entry without its effect, no effect without its entry. */
export function checkEffects({ entries, updates, messages, indicators }: StoredRecord): Problems {
  const of = (kind: string) =>
    entries
      .filter((one) => one.kind === kind && one.outcome === 'ok')
      .map((one) => `${one.seq} ${one.object_id}`);
  return [
    ...compareLists(
      'board changes',
      of('board.updated'),
      updates.map((one) => `${one.seq} ${one.board_id}`),
    ),
    ...compareLists(
      'messages',
      of('message.posted'),
      messages.map((one) => `${one.seq} ${one.id}`),
    ),
    ...compareLists(
      'indicators',
      of('indicator.added'),
      indicators.map((one) => `${one.seq} ${one.id}`),
    ),
  ];
}
