import type { RefusalCode } from '../kernel/refusals.ts';
import { answerOf, type OperationState } from './lifecycle.ts';
import { type Verb, verbs } from './verbs.ts';

/** Roles of members. A partner's officers hold a role too, inside the compartments they were given. */
export const roles = ['lead', 'officer', 'observer', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** `police` desks are national cyber units; `partner` desks are companies in a lane of their own. */
export const deskKinds = ['police', 'partner'] as const;
export type DeskKind = (typeof deskKinds)[number];

/** Whoever asks, as far as rights go. */
export type Actor = {
  readonly role: Role;
  readonly desk: DeskKind;
  readonly operation: OperationState;
  /** In this session, lately: what an archived operation asks of its readers. */
  readonly purposeStated?: boolean;
};

const looking: readonly Verb[] = [
  'operation.enter',
  'operation.state-purpose',
  'board.open',
  'chat.read',
  'indicator.read',
  'record.verify',
  'record.prove',
];
const knowingPeople: readonly Verb[] = [
  'people.list',
  'operation.follow',
  'operation.certificate',
  'witness.read',
];
const working: readonly Verb[] = [
  'board.create',
  'board.edit',
  'chat.post',
  'indicator.add',
  'indicator.export',
];
const leading: readonly Verb[] = [
  'people.add',
  'people.remove',
  'operation.start',
  'operation.close',
  'operation.archive',
  'operation.retain',
  'witness.quorum',
];
/** Whoever works for a desk may say with which key it watches the record, and stand as the second of two desks. */
const watching: readonly Verb[] = ['witness.keep', 'witness.confirm'];
const reviewing: readonly Verb[] = ['record.review', 'record.export', 'record.find'];
/** What keeps an operation, or ends it: for leads and auditors alike. */
const keeping: readonly Verb[] = ['operation.begin-review', 'operation.hold', 'operation.purge'];

const allowed: Record<Role, ReadonlySet<Verb>> = {
  lead: new Set([
    ...looking,
    ...knowingPeople,
    ...working,
    ...watching,
    ...leading,
    ...reviewing,
    ...keeping,
  ]),
  officer: new Set([...looking, ...knowingPeople, ...working, ...watching]),
  observer: new Set([...looking, ...knowingPeople]),
  auditor: new Set([...looking, ...knowingPeople, ...reviewing, ...keeping]),
};

/** A partner never sees the member list, leads, witnesses or reviews, whatever role the seat carries. */
const closedToPartners: ReadonlySet<Verb> = new Set([
  ...knowingPeople,
  ...watching,
  ...leading,
  ...reviewing,
  ...keeping,
]);

/** `null` when `actor` may; otherwise the code of the refusal. The role is asked first, then the state. */
export function cannot(actor: Actor, verb: Verb): RefusalCode | null {
  if (actor.desk === 'partner' && closedToPartners.has(verb)) return 'not.allowed';
  if (!allowed[actor.role].has(verb)) return 'not.allowed';
  const answer = answerOf(actor.operation, verbs[verb].effect);
  if (answer === 'yes') return null;
  if (answer === 'with purpose') return actor.purposeStated === true ? null : 'purpose.needed';
  return answer;
}

export function can(actor: Actor, verb: Verb): boolean {
  return cannot(actor, verb) === null;
}
