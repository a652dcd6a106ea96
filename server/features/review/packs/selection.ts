import {
  compartmentsOf,
  memberOf,
  membersOf,
  type Reader,
  readerOfCompartments,
  sharedBy,
} from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { BodyOf } from '#shared/contracts/contract.ts';
import type { exportPack, PackRecipientInput } from '#shared/contracts/packs.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { CompartmentId, OfficerId } from '#shared/kernel/ids.ts';
import type { PackRecipient, PackScope } from '#shared/record/pack/about.ts';

import { placeOfTime } from './store.ts';

export type Asked = BodyOf<typeof exportPack>;

/** Two readers: a pack shows what both may see. */
export type Rights = { readonly recipient: Reader; readonly exporter: Reader };

/** Who gets the pack, and with whose eyes it is read. */
export type Addressed = { readonly recipient: PackRecipient; readonly rights: Rights };

/** Refuses a recipient who is not there, or compartments that are not the exporter's to give. [RC-77] */
export async function addressedTo(tx: Tx, pass: RoomPass, asked: PackRecipientInput): Promise<Addressed> {
  const all = await compartmentsOf(tx, pass.operation);
  const given = await recipientOf(tx, pass, asked);
  const receives = given.compartments.filter((id) => pass.compartments.has(id));
  const compartments = all.filter(({ id }) => receives.includes(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    recipient: { kind: asked.kind, name: given.name, id: given.id, compartments },
    rights: {
      recipient:
        given.officer === null
          ? readerOfCompartments(given.compartments)
          : { session: { officer: given.officer }, compartments: new Set(given.compartments) },
      exporter: { session: { officer: pass.session.officer }, compartments: pass.compartments },
    },
  };
}

type Given = {
  readonly name: string;
  readonly id: string | null;
  readonly officer: OfficerId | null;
  readonly compartments: readonly CompartmentId[];
};

async function recipientOf(tx: Tx, pass: RoomPass, asked: PackRecipientInput): Promise<Given> {
  if (asked.kind === 'outside') {
    if (!asked.compartments.every((id) => pass.compartments.has(id)))
      throw refuse('not.found', { where: 'recipient.compartments' });
    return { name: asked.name, id: null, officer: null, compartments: asked.compartments };
  }
  if (asked.kind === 'officer') {
    const member = await memberOf(tx, pass, asked.officerId);
    if (member === null) throw refuse('not.found', { where: 'recipient.officerId' });
    const name = `${member.name}, ${member.desk_code}`;
    return { name, id: member.id, officer: member.id, compartments: member.compartment_ids };
  }
  const members = (await membersOf(tx, pass)).filter(({ desk_code }) => desk_code === asked.desk);
  if (members.length === 0) throw refuse('not.found', { where: 'recipient.desk' });
  return { name: asked.desk, id: asked.desk, officer: null, compartments: sharedBy(members) };
}

/** Said of what was never there, of what came later, and of what one may not see: no telling them apart. */
export const nothingThere = 'nothing of it lies under the checkpoint that this pack would rest on';

/** Times become places on the record: they never go back there. Objects are put in one order. */
export async function scopeOf(tx: Tx, pass: RoomPass, { scope }: Asked, size: number): Promise<PackScope> {
  if (scope.kind === 'operation') return scope;
  if (scope.kind === 'objects') {
    const byText = new Map(scope.objects.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }]));
    return { kind: 'objects', objects: [...byText.keys()].sort().flatMap((key) => byText.get(key) ?? []) };
  }
  const { since, until } = scope;
  if (since > until)
    throw refuse('bad.request', { where: 'scope.until', what: 'the end lies before the beginning' });
  const from = await placeOfTime(tx, pass, { at: Date.parse(since), size });
  const to = await placeOfTime(tx, pass, { at: Date.parse(until), size });
  if (from === to) throw refuse('not.found', { where: 'scope', what: nothingThere });
  return { kind: 'time', since, until, from, to };
}

/**
 * What the id of a pack is made of. Whoever exports leaves a trace in it only where their own rights take something
 * away, or add what nobody but they may see. [RC-78]
 */
export function identityOf(
  { recipient, rights }: Addressed,
  given: { readonly origin: string; readonly size: number; readonly root: string; readonly scope: PackScope },
  everything: boolean,
): { readonly [member: string]: Json } {
  const { exporter } = rights;
  const self = exporter.session.officer === rights.recipient.session.officer;
  return {
    origin: given.origin,
    size: given.size,
    root: given.root,
    scope: given.scope as unknown as Json,
    recipient: recipient as unknown as Json,
    limits:
      everything && !self
        ? null
        : { officer: exporter.session.officer, compartments: [...exporter.compartments].sort() },
  };
}
