import type { z } from 'zod';
import type {
  Admit,
  AdmitWitness,
  NoteDenial,
  RoomPass,
  Session,
  WitnessPass,
} from '#server/platform/access.ts';
import { EpochMoved } from '#server/platform/facts.ts';
import { CommitUncertain, oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Call } from '#shared/contracts/contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { Refusal, refuse } from '#shared/kernel/failures.ts';
import { type CommandId, isId, type OperationId } from '#shared/kernel/ids.ts';
import { refusals } from '#shared/kernel/refusals.ts';
import { isStorable } from '#shared/kernel/storable-text.ts';
import { type Verb, verbs } from '#shared/policy/verbs.ts';

import type { Acted, Context, DownloadBody, FileBody, Handler } from './commands.ts';
import { type Actor, type CommitDeps, commitActs } from './commit.ts';

export type ExecuteDeps = CommitDeps & {
  readonly store: Store;
  readonly admit: Admit;
  readonly admitWitness: AdmitWitness;
  readonly noteDenial: NoteDenial;
  readonly clock: Clock;
};

export type Caller = {
  readonly session: Session | null;
  /** Of a witness; only the calls of witnesses look at it. */
  readonly credential?: string | null;
  readonly address: string;
};
export type Outcome = {
  readonly reply: unknown;
  readonly cookie?: string | null;
  readonly download?: DownloadBody;
  readonly file?: FileBody;
};

/** Rights may move while an act is under way; each time the gate is asked again, and refuses in the end. */
const TRIES = 5;

/** Everything between a parsed envelope and its reply, the same over HTTP and Socket.IO: parse, gate, act, record, reply. */
export async function execute(
  deps: ExecuteDeps,
  handler: Handler,
  caller: Caller,
  raw: unknown,
): Promise<Outcome> {
  const { call } = handler;
  if (call.needs !== 'nobody' && call.needs !== 'witness' && caller.session === null)
    throw refuse('session.missing');
  if (call.needs === 'host-administrator' && caller.session?.hostAdministrator !== true) {
    deps.noteDenial({ log: 'hub', session: caller.session, rule: call.name, code: 'not.allowed' });
    throw refuse('not.allowed');
  }
  const input = parseInput(call, raw);
  const witness = call.needs === 'witness' ? await admitWitness(deps, caller, input) : null;
  for (let tried = 1; ; tried++) {
    const pass = await gate(deps, call, caller, input);
    try {
      return await run(deps, handler, { caller, pass, witness, input });
    } catch (error) {
      const again = error instanceof EpochMoved || error instanceof CommitUncertain || isTryAgain(error);
      if (!again || tried >= TRIES) throw translate(error);
      // An uncertain commit is settled by the command id: if it stands, the repeat finds its reply.
      if (error instanceof CommitUncertain && commandIdOf(input) === null) throw translate(error);
    }
  }
}

export function parseInput(call: Call, raw: unknown): unknown {
  const unsound = findUnsoundText(raw, []);
  if (unsound !== null)
    throw refuse('bad.request', {
      where: unsound || 'request',
      what: 'a NUL or half a character: neither can be stored',
    });
  const parsed = call.body.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue | undefined;
  throw refuse('bad.request', {
    where: issue?.path.join('.') || 'request',
    what: issue?.message ?? 'not understood',
  });
}

/** Where a text holds what neither PostgreSQL nor canonical JSON can: U+0000, or a lone surrogate. */
function findUnsoundText(value: unknown, at: readonly string[]): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : at.join('.');
  if (typeof value !== 'object' || value === null || at.length > 32) return null;
  for (const [key, member] of Object.entries(value)) {
    const found = findUnsoundText(key, [...at, 'name of a member']) ?? findUnsoundText(member, [...at, key]);
    if (found !== null) return found;
  }
  return null;
}

async function gate(deps: ExecuteDeps, call: Call, caller: Caller, input: unknown): Promise<RoomPass | null> {
  if (!isVerb(call.needs) || caller.session === null) return null;
  const operation: unknown = Reflect.get(Object(input), 'operationId');
  if (!isId(operation)) throw refuse('not.found');
  return deps.admit(caller.session, operation as OperationId, call.needs);
}

function admitWitness(deps: ExecuteDeps, caller: Caller, input: unknown): Promise<WitnessPass> {
  const operation: unknown = Reflect.get(Object(input), 'operationId');
  if (!isId(operation)) throw refuse('witness.refused');
  return deps.admitWitness(caller.credential ?? null, operation as OperationId);
}

type Run = {
  readonly caller: Caller;
  readonly pass: RoomPass | null;
  readonly witness: WitnessPass | null;
  readonly input: unknown;
};

async function run(
  deps: ExecuteDeps,
  handler: Handler,
  { caller, pass, witness, input }: Run,
): Promise<Outcome> {
  const commandId = commandIdOf(input);
  const context = {
    pass,
    witness,
    session: caller.session,
    now: deps.clock.now(),
    commandId,
    address: caller.address,
  } as Context;
  const { call } = handler;
  try {
    switch (handler.does) {
      case 'query': {
        const reply = await deps.store.read(async (tx) =>
          handler.read(tx, { ...context, asOf: await headOf(tx, pass) }, input),
        );
        return { reply: call.reply.parse(reply) };
      }
      case 'file':
        return { reply: null, file: await deps.store.read((tx) => handler.read(tx, context, input)) };
      case 'work':
        return { reply: worked(call, await handler.work(context, input)) };
      case 'command': {
        const prepared = await handler.prepare?.(context, input);
        const done = await commit(deps, { call, context, pass }, (tx) =>
          handler.act(tx, context, input, prepared),
        );
        const { recorded } = done.reply as { recorded?: object };
        const { receipts } = done;
        const reply = {
          ...(call.reply.parse(done.reply) as object),
          ...(recorded && { recorded }),
          ...(receipts.length > 0 && { receipts }),
        };
        return done.acted?.cookie === undefined ? { reply } : { reply, cookie: done.acted.cookie };
      }
      case 'download': {
        const done = await commit(deps, { call, context, pass }, (tx) => handler.act(tx, context, input));
        return { reply: null, download: done.reply as DownloadBody };
      }
    }
  } catch (error) {
    if (error instanceof Refusal && refusals[error.code].onRecord && caller.session !== null) {
      deps.noteDenial({
        log: pass?.operation ?? 'hub',
        session: caller.session,
        rule: call.name,
        code: error.code,
      });
    }
    throw error;
  }
}

/** Work that commits by itself hands its receipts on beside its reply. */
function worked(call: Call, done: unknown): unknown {
  const receipts: unknown = Reflect.get(Object(done), 'receipts');
  const reply = call.reply.parse(done);
  return Array.isArray(receipts) ? { ...(reply as object), receipts } : reply;
}

function commit<R>(
  deps: ExecuteDeps,
  { call, context, pass }: { call: Call; context: Context; pass: RoomPass | null },
  act: (tx: Tx) => Promise<Acted<R>>,
) {
  const actor: Actor = {
    call: call.name,
    session: context.session,
    pass,
    commandId: call.kind === 'stream' ? null : context.commandId,
    now: context.now,
    secretReply: call.secretReply,
  };
  return commitActs(deps, actor, act);
}

async function headOf(tx: Tx, pass: RoomPass | null): Promise<number> {
  if (pass === null) return 0;
  const row = await oneRow<{ head: number }>(tx, sql`select head from logs where id = ${pass.operation}`);
  return row?.head ?? 0;
}

function commandIdOf(input: unknown): CommandId | null {
  const given: unknown = Reflect.get(Object(input), 'commandId');
  return isId(given) ? (given as CommandId) : null;
}

function isVerb(needs: Call['needs']): needs is Verb {
  return Object.hasOwn(verbs, needs);
}

/** Two met, and one may go on at once. Whoever says when to come again has tried long enough. */
function isTryAgain(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'try.again' && error.details.retryAfter === undefined;
}

function translate(error: unknown): unknown {
  if (error instanceof EpochMoved) return refuse('try.again');
  if (error instanceof CommitUncertain) return Object.assign(refuse('store.unavailable'), { cause: error });
  return error;
}
