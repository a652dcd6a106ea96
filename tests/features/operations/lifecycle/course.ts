import { sql } from '#server/platform/storage/store.ts';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

/** What leads on from each state, as an officer does it. */
const onward: Partial<Record<OperationState, readonly [call: string, to: OperationState]>> = {
  planned: ['start', 'live'],
  live: ['close', 'closed'],
  closed: ['begin-review', 'review'],
  review: ['archive', 'archived'],
};

/** Takes an operation on, step by step, as its lead Tan Wei. */
export async function takeTo(hub: TestHub, operation: { id: string }, state: OperationState): Promise<void> {
  const lead = await hub.signIn('tan.wei');
  let { state: now } = await summaryOf(lead, operation.id);
  while (now !== state) {
    const step = onward[now];
    if (step === undefined) {
      await putState(hub, operation.id, state);
      return;
    }
    await lead.must('POST', `/operations/${operation.id}/${step[0]}`, { reason: `On to ${step[1]}.` });
    now = step[1];
  }
}

/** Puts the state where no officer can by one call: a purge is two people's, and takes time. */
async function putState(hub: TestHub, id: string, state: OperationState): Promise<void> {
  await hub.store.write(async (tx) => {
    await sql`update logs set epoch = epoch + 1 where id = ${id}`.execute(tx);
    await sql`update operations set state = ${state}, purged_below = 0 where id = ${id}`.execute(tx);
  });
}

export async function summaryOf(officer: TestOfficer, id: string): Promise<OperationSummary> {
  for (const shelf of ['daily', 'archive']) {
    const { operations } = await officer.must<{ operations: OperationSummary[] }>(
      'GET',
      `/operations?shelf=${shelf}`,
    );
    const found = operations.find((one) => one.id === id);
    if (found !== undefined) return found;
  }
  throw new Error('an operation that is on no shelf');
}

/** An operation led by Tan Wei, brought to `state`. */
export async function operationAt(
  hub: TestHub,
  state: OperationState,
  members: Parameters<TestHub['operation']>[1] = {},
): Promise<Operation> {
  const operation = await hub.operation(
    `OP ${state}`,
    members,
    state === 'planned' ? { state: 'planned' } : {},
  );
  if (state !== 'planned') await takeTo(hub, operation, state);
  return operation;
}
