import type { RefusalCode } from '../kernel/refusals.ts';
import { type Verb, verbs } from './verbs.ts';

/** Roles of members. A partner's officers hold a role too, inside the compartments they were given. */
export const roles = ['lead', 'officer', 'observer', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** `police` desks are national cyber units; `partner` desks are companies in a lane of their own. */
export const deskKinds = ['police', 'partner'] as const;
export type DeskKind = (typeof deskKinds)[number];

export type OperationState = 'live' | 'closed';

/** Whoever asks, as far as rights go. */
export type Actor = { readonly role: Role; readonly desk: DeskKind; readonly operation: OperationState };

const looking: readonly Verb[] = ['operation.enter', 'board.open', 'chat.read', 'indicator.read'];
const knowingPeople: readonly Verb[] = ['people.list', 'witness.read'];
const working: readonly Verb[] = [
  'board.create',
  'board.edit',
  'chat.post',
  'indicator.add',
  'indicator.export',
];
const leading: readonly Verb[] = ['people.add', 'people.remove', 'operation.close', 'witness.quorum'];
/** Whoever works for a desk may say with which key it watches the record. */
const watching: readonly Verb[] = ['witness.keep'];
const reviewing: readonly Verb[] = ['record.review', 'record.export', 'record.find'];

const allowed: Record<Role, ReadonlySet<Verb>> = {
  lead: new Set([...looking, ...knowingPeople, ...working, ...watching, ...leading, ...reviewing]),
  officer: new Set([...looking, ...knowingPeople, ...working, ...watching]),
  observer: new Set([...looking, ...knowingPeople]),
  auditor: new Set([...looking, ...knowingPeople, ...reviewing]),
};

/** A partner never sees the member list, leads, witnesses or reviews, whatever role the seat carries. */
const closedToPartners: ReadonlySet<Verb> = new Set([
  ...knowingPeople,
  ...watching,
  ...leading,
  ...reviewing,
]);

/** `null` when `actor` may; otherwise the code of the refusal. */
export function cannot(actor: Actor, verb: Verb): RefusalCode | null {
  if (actor.desk === 'partner' && closedToPartners.has(verb)) return 'not.allowed';
  if (!allowed[actor.role].has(verb)) return 'not.allowed';
  if (actor.operation === 'closed' && verbs[verb].effect === 'change') return 'operation.closed';
  if (actor.operation === 'live' && verbs[verb].effect === 'find') return 'not.allowed';
  return null;
}

export function can(actor: Actor, verb: Verb): boolean {
  return cannot(actor, verb) === null;
}
