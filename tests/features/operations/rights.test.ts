import { afterAll, beforeAll, expect, test } from 'vitest';

import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { type Actor, cannot, type DeskKind, type Role, roles } from '#shared/policy/can.ts';
import { leadsTo, type OperationState, operationStates } from '#shared/policy/lifecycle.ts';
import { verbs } from '#shared/policy/verbs.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';
import { sampleOf } from '#tests/support/samples.ts';

import { operationAt } from './lifecycle/course.ts';
import { boundRoomCalls, type RoomCall } from './room-calls.ts';

/** One member of each kind: a partner neither leads nor audits. */
const members: readonly { handle: string; role: Role; desk: DeskKind }[] = [
  { handle: 'tan.wei', role: 'lead', desk: 'police' },
  { handle: 'chanida', role: 'officer', desk: 'police' },
  { handle: 'sari', role: 'observer', desk: 'police' },
  { handle: 'bruno', role: 'auditor', desk: 'police' },
  { handle: 'jonas', role: 'officer', desk: 'partner' },
  { handle: 'petra', role: 'observer', desk: 'partner' },
];
const invited = Object.fromEntries(members.slice(1).map(({ handle, role }) => [handle, role]));

let hub: TestHub;
let calls: readonly RoomCall[];
const officers = new Map<string, TestOfficer>();

beforeAll(async () => {
  hub = await startHub();
  // To state a purpose opens what the other cells find shut: it comes last.
  calls = (await boundRoomCalls(hub)).sort(
    (a, b) => Number(a.needs === 'operation.state-purpose') - Number(b.needs === 'operation.state-purpose'),
  );
  for (const { handle } of members) officers.set(handle, await hub.signIn(handle));
});
afterAll(stopHubs);

type Cell = { call: string; actor: Actor; code: RefusalCode | null };

/** What the policy itself answers; other refusals come after it. */
const ofPolicy: ReadonlySet<unknown> = new Set<RefusalCode>([
  'not.allowed',
  'operation.closed',
  'operation.state',
  'operation.purged',
  'purpose.needed',
]);

/** Calls that take the operation on: whoever may make them, gets an operation of their own to do it to. */
const steps: ReadonlySet<string> = new Set([...Object.keys(leadsTo), 'purge']);

/** What the hub says in every cell of the table, told apart only by what the policy decides. */
async function everyCell(state: OperationState, purposeStated = false): Promise<Cell[]> {
  const common = await operationAt(hub, state, invited);
  if (purposeStated) for (const officer of officers.values()) await stateThePurpose(officer, common.id);
  const cells: Cell[] = [];
  for (const call of calls) {
    for (const { handle, role, desk } of [...members].reverse()) {
      const actor: Actor = { role, desk, operation: state, purposeStated };
      const moves = cannot(actor, call.needs) === null && steps.has(verbs[call.needs].effect);
      const operation = moves ? await operationAt(hub, state, invited) : common;
      const { method, path, body } = sampleOf(call, { operationId: operation.id });
      const answered = await officers
        .get(handle)
        ?.request(method, path, method === 'POST' ? body : undefined);
      if (answered === undefined) throw new Error(`${handle} is not signed in`);
      expect(answered.status, `${call.name} as ${handle}: ${JSON.stringify(answered.body)}`).not.toBe(500);
      const code = codeOf(answered);
      const decided = ofPolicy.has(code) ? (code as RefusalCode) : null;
      if (decided !== null) expect(told(answered)).toEqual(refusal(decided));
      cells.push({ call: call.name, actor, code: decided });
    }
  }
  return cells;
}

async function stateThePurpose(officer: TestOfficer, operation: string): Promise<void> {
  await officer.must('POST', `/operations/${operation}/purpose`, { purpose: 'A request of the court.' });
}

function expected(cells: readonly Cell[]): Cell[] {
  const needs = new Map(calls.map((call) => [call.name, call.needs]));
  return cells.map((cell) => {
    const verb = needs.get(cell.call);
    if (verb === undefined) throw new Error(`no call ${cell.call}`);
    return { ...cell, code: cannot(cell.actor, verb) };
  });
}

test.each(operationStates)(
  '[AC-1] [AC-9] [LC-1] every call answers every role and kind of desk as the policy says, in the state %s',
  async (state) => {
    const cells = await everyCell(state);
    expect(cells).toEqual(expected(cells));
    expect(cells.filter(({ actor, code }) => actor.role === 'lead' && code === null).length).toBeGreaterThan(
      0,
    );
  },
  120_000,
);

test('[LC-1] [LC-10] and every call of an archived operation, once its reader has said why', async () => {
  const cells = await everyCell('archived', true);
  expect(cells).toEqual(expected(cells));
  expect(cells.filter(({ code }) => code === 'purpose.needed')).toEqual([]);
}, 120_000);

test('[AC-10] a partner is an officer or an observer and nothing else', async () => {
  const operation = await hub.operation('FJORD');
  const lead = await hub.signIn('tan.wei');
  for (const role of roles) {
    const added = await lead.post(`/operations/${operation.id}/members`, {
      officerId: hub.officerId('jonas'),
      role,
    });
    if (role === 'lead' || role === 'auditor') {
      expect(told(added)).toEqual(
        refusal('not.allowed', { where: 'role', what: 'a partner is an officer or an observer' }),
      );
      continue;
    }
    expect(added.body).toMatchObject({ role, compartments: [operation.partners] });
    await lead.must('POST', `/operations/${operation.id}/members/${hub.officerId('jonas')}/remove`, {
      reason: '',
    });
  }
});
