import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Acted, command, type Handler, type NewFact, query } from '#server/platform/http/commands.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import {
  answerFinding,
  concludeFinding,
  type Finding,
  listFindings,
  openFinding,
} from '#shared/contracts/review-findings.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { CompartmentId, FindingId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import { findingsOf } from './read.ts';

export type FindingDeps = { readonly random: Random };

/** What a review comes to, pinned to what it is about. [RV-15] … [RV-17] */
export function findingHandlers({ random }: FindingDeps): Handler[] {
  return [
    query({
      call: listFindings,
      async read(tx, { pass, asOf }, { state, pinned }) {
        const all = await findingsOf(tx, pass);
        const findings = all.filter(
          (one) =>
            (state === undefined || one.state === state) &&
            (pinned === undefined || one.pinned.seq === pinned),
        );
        return { asOf, findings };
      },
    }),
    command({
      call: openFinding,
      async act(tx, { pass }, { sort, title, text, pinned }) {
        const pin = await pinnedEntry(tx, pass, pinned);
        const id = newId<FindingId>(random);
        const compartment = pin.compartment_id ?? pass.main;
        const body = { sort, title, text, pinned };
        return written(tx, pass, { id, kind: 'finding.opened', compartment, body });
      },
    }),
    command({
      call: answerFinding,
      async act(tx, { pass }, { findingId, text }) {
        const finding = await openOne(tx, pass, findingId);
        const { id, compartment } = finding;
        return written(tx, pass, { id, kind: 'finding.answered', compartment, body: { text } });
      },
    }),
    command({
      call: concludeFinding,
      async act(tx, { pass }, { findingId, kind, text }) {
        const finding = await openOne(tx, pass, findingId);
        const { id, compartment } = finding;
        return written(tx, pass, { id, kind: 'finding.concluded', compartment, body: { kind, text } });
      },
    }),
  ];
}

async function pinnedEntry(
  tx: Tx,
  pass: RoomPass,
  seq: number,
): Promise<{ readonly compartment_id: CompartmentId | null }> {
  const row = await oneRow<{ compartment_id: CompartmentId | null }>(
    tx,
    sql`select e.compartment_id from entries e where e.log_id = ${pass.operation} and e.seq = ${seq}
        and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}`,
  );
  if (row === null) throw refuse('not.found', { where: 'pinned' });
  return row;
}

/** Not concluded, and held so until this transaction ends: whoever concludes takes the record's row first. */
async function openOne(tx: Tx, pass: RoomPass, id: FindingId): Promise<Finding> {
  await sql`select 1 from logs where id = ${pass.operation} for update`.execute(tx);
  const [finding] = await findingsOf(tx, pass, id);
  if (finding === undefined) throw refuse('not.found', { where: 'findingId' });
  if (finding.state === 'concluded')
    throw refuse('already.exists', { where: 'findingId', what: 'it is concluded' });
  return finding;
}

type Said = {
  readonly id: FindingId;
  readonly kind: 'finding.opened' | 'finding.answered' | 'finding.concluded';
  readonly compartment: CompartmentId;
  readonly body: NewFact['body'];
};

/** One entry; the reply is the finding as it is read afterwards. */
function written(tx: Tx, pass: RoomPass, { id, kind, compartment, body }: Said): Acted<Finding> {
  return {
    facts: [{ kind, object: { kind: 'finding', id }, compartment, body }],
    async reply() {
      const [finding] = await findingsOf(tx, pass, id);
      invariant(finding !== undefined, 'a finding that was just written');
      return finding;
    },
  };
}
