import { afterAll, beforeAll, expect, test } from 'vitest';

import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { type Actor, cannot, type DeskKind, type Role, roles } from '#shared/policy/can.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';
import { sampleOf } from '#tests/support/samples.ts';

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
  // What closes the operation comes last.
  calls = (await boundRoomCalls(hub)).sort(
    (a, b) => Number(a.needs === 'operation.close') - Number(b.needs === 'operation.close'),
  );
  for (const { handle } of members) officers.set(handle, await hub.signIn(handle));
});
afterAll(stopHubs);

type Cell = { call: string; actor: Actor; code: RefusalCode | null };

/** What the hub says in every cell of the table, told apart only by what the policy decides. */
async function everyCell(operation: Operation, state: Actor['operation']): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const call of calls) {
    for (const { handle, role, desk } of [...members].reverse()) {
      const { method, path, body } = sampleOf(call, { operationId: operation.id });
      const answered = await officers
        .get(handle)
        ?.request(method, path, method === 'POST' ? body : undefined);
      if (answered === undefined) throw new Error(`${handle} is not signed in`);
      expect(answered.status, `${call.name} as ${handle}: ${JSON.stringify(answered.body)}`).not.toBe(500);
      const code = codeOf(answered);
      const decided = code === 'not.allowed' || code === 'operation.closed' ? code : null;
      if (decided !== null) expect(told(answered)).toEqual(refusal(decided));
      cells.push({ call: call.name, actor: { role, desk, operation: state }, code: decided });
    }
  }
  return cells;
}

function expected(cells: readonly Cell[]): Cell[] {
  const needs = new Map(calls.map((call) => [call.name, call.needs]));
  return cells.map((cell) => {
    const verb = needs.get(cell.call);
    if (verb === undefined) throw new Error(`no call ${cell.call}`);
    return { ...cell, code: cannot(cell.actor, verb) };
  });
}

test('[AC-1] every call answers every role and kind of desk as the policy says, while the operation is live', async () => {
  const cells = await everyCell(await hub.operation('GLACIER', invited), 'live');
  expect(cells).toEqual(expected(cells));
});

test('[AC-1] [AC-9] and every call, once it is closed: what looks goes on, what changes does not', async () => {
  const operation = await hub.operation('TUNDRA', invited);
  const lead = await hub.signIn('tan.wei');
  await lead.must('POST', `/operations/${operation.id}/close`, { reason: 'Over.' });
  const cells = await everyCell(operation, 'closed');
  expect(cells).toEqual(expected(cells));
  expect(cells.filter(({ actor, code }) => actor.role === 'lead' && code === null).length).toBeGreaterThan(3);
});

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
