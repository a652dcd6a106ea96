import type { RefusalCode } from '../kernel/refusals.ts';

/** Where an operation stands, in the order in which it goes. It goes on, never back. [LC-2] */
export const operationStates = [
  'planned',
  'live',
  'closed',
  'review',
  'archived',
  'purging',
  'purged',
] as const;
export type OperationState = (typeof operationStates)[number];

/** What an act does to an operation, as far as its state decides. Every verb has one. */
export const effects = [
  'consult',
  'prove',
  'verify',
  'certify',
  'change',
  'find',
  'admit',
  'expel',
  'keep',
  'state-purpose',
  'start',
  'close',
  'begin-review',
  'archive',
  'purge',
] as const;
export type Effect = (typeof effects)[number];

/** `with purpose`: to whoever has said why they read, lately. Otherwise the refusal that the state gives. */
export type Answer = 'yes' | 'with purpose' | RefusalCode;

const yes = 'yes';
const stated = 'with purpose';
const over = 'operation.closed';
const gone = 'operation.purged';
const step = 'operation.state';

type Row = readonly [Answer, Answer, Answer, Answer, Answer, Answer, Answer];

/**
 * What each state allows: the whole of it, for server and client. A state or an effect without a decision does not
 * compile. [LC-1]
 */
// biome-ignore format: a table
const table: Record<Effect, Row> = {
  //                planned  live   closed  review  archived purging purged
  'consult':       [yes,     yes,   yes,    yes,    stated,  gone,   gone],
  'prove':         [yes,     yes,   yes,    yes,    stated,  gone,   yes],
  'verify':        [yes,     yes,   yes,    yes,    yes,     yes,    yes],
  'certify':       [step,    step,  step,   step,   step,    step,   yes],
  'change':        [yes,     yes,   over,   over,   over,    gone,   gone],
  'find':          [step,    step,  step,   yes,    over,    gone,   gone],
  'admit':         [yes,     yes,   over,   yes,    over,    gone,   gone],
  'expel':         [yes,     yes,   yes,    yes,    yes,     gone,   gone],
  'keep':          [yes,     yes,   yes,    yes,    yes,     gone,   gone],
  'state-purpose': [step,    step,  step,   step,   yes,     gone,   gone],
  'start':         [yes,     step,  over,   over,   over,    gone,   gone],
  'close':         [yes,     yes,   over,   over,   over,    gone,   gone],
  'begin-review':  [step,    step,  yes,    step,   step,    gone,   gone],
  'archive':       [step,    step,  step,   yes,    step,    gone,   gone],
  'purge':         [step,    step,  step,   step,   yes,     gone,   gone],
};

export function answerOf(state: OperationState, effect: Effect): Answer {
  const answer = table[effect][operationStates.indexOf(state)];
  return answer ?? 'operation.state';
}

/** Where a step leads. A purge leads to `purging` when a second officer confirms it, and on to `purged` by itself. */
export const leadsTo = {
  start: 'live',
  close: 'closed',
  'begin-review': 'review',
  archive: 'archived',
} as const satisfies Partial<Record<Effect, OperationState>>;

/** Work goes on: boards, chat and register can be changed. */
export function isAtWork(state: OperationState): boolean {
  return answerOf(state, 'change') === 'yes';
}

/** States of the daily list. The others are found in the archive. [LC-9] */
export function isDaily(state: OperationState): boolean {
  return state !== 'archived' && state !== 'purging' && state !== 'purged';
}

/** What ends a reading because of where the operation stands, and not because a membership ended. */
export function endsReading(code: string): code is 'purpose.needed' | 'operation.purged' {
  return code === 'purpose.needed' || code === 'operation.purged';
}

/** Leads are reminded from this many days before the retention date on. [LC-14] */
export const REMIND_DAYS = 30;
/** A purge that was asked for is confirmed within this time, or falls away. [LC-16] */
export const CONFIRM_HOURS = 72;
/** A stated purpose opens an archived operation to that session for this long. [LC-10] */
export const PURPOSE_HOURS = 8;
