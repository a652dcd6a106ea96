import type { InputOf } from '#shared/contracts/contract.ts';
import { type exportPack, packObjectKinds } from '#shared/contracts/packs.ts';
import { asId, type CompartmentId, type OfficerId } from '#shared/kernel/ids.ts';
import type { ReviewFilter } from '../filters/review-filter.ts';
import type { packsText } from './text.ts';

/** What stands in the form. Texts are empty while nothing is chosen. */
export type PackChoice = {
  readonly recipient: 'officer' | 'desk' | 'outside';
  readonly officerId: string;
  readonly desk: string;
  readonly name: string;
  readonly compartments: readonly string[];
  readonly release: boolean;
  readonly scope: 'operation' | 'time' | 'objects';
  readonly since: string;
  readonly until: string;
  readonly objects: readonly PackObject[];
  readonly purpose: string;
  /** What it rests on, unless a size is given. */
  readonly checkpoint: 'cosigned' | 'newest';
  readonly size: string;
};
export type PackObject = { readonly kind: (typeof packObjectKinds)[number]; readonly id: string };
export type PackInput = Omit<InputOf<typeof exportPack>, 'operationId' | 'commandId'>;

/** What the list is filtered to is the first thing offered. */
export function choiceFrom(filter: ReviewFilter): PackChoice {
  const object = objectOf(filter);
  const timed = filter.from !== '' && filter.until !== '';
  return {
    recipient: 'officer',
    officerId: '',
    desk: '',
    name: '',
    compartments: [],
    release: false,
    scope: object !== null ? 'objects' : timed ? 'time' : 'operation',
    since: filter.from,
    until: filter.until,
    objects: object === null ? [] : [object],
    purpose: '',
    checkpoint: 'cosigned',
    size: '',
  };
}

/** The object of the filter, when a pack can be made of it. */
export function objectOf({ object }: ReviewFilter): PackObject | null {
  const kind = packObjectKinds.find((one) => one === object?.kind);
  return object === null || kind === undefined ? null : { kind, id: object.id };
}

type Need = Extract<keyof typeof packsText, `needs.${string}`>;

/** The first thing that is missing, as its text; null when the pack can be asked for. */
export function missingIn(choice: PackChoice): Need | null {
  if (choice.recipient === 'officer' && choice.officerId === '') return 'needs.officer';
  if (choice.recipient === 'desk' && choice.desk === '') return 'needs.desk';
  if (choice.recipient === 'outside') {
    if (choice.name.trim() === '') return 'needs.name';
    if (choice.compartments.length === 0) return 'needs.compartments';
    if (!choice.release) return 'needs.release';
  }
  if (choice.scope === 'time') {
    if (choice.since === '' || choice.until === '') return 'needs.time';
    if (choice.since > choice.until) return 'needs.order';
  }
  if (choice.scope === 'objects' && choice.objects.length === 0) return 'needs.objects';
  return choice.purpose.trim() === '' ? 'needs.purpose' : null;
}

export function inputOf(choice: PackChoice): PackInput {
  return {
    purpose: choice.purpose,
    recipient: recipientOf(choice),
    scope: scopeOf(choice),
    ...(choice.size === '' ? { checkpoint: choice.checkpoint } : { size: Number(choice.size) }),
  };
}

function recipientOf({ recipient, officerId, desk, name, compartments }: PackChoice): PackInput['recipient'] {
  switch (recipient) {
    case 'officer':
      return { kind: 'officer', officerId: asId<OfficerId>(officerId) };
    case 'desk':
      return { kind: 'desk', desk };
    case 'outside':
      return {
        kind: 'outside',
        name,
        compartments: compartments.map((id) => asId<CompartmentId>(id)),
        namedRelease: true,
      };
  }
}

function scopeOf({ scope, since, until, objects }: PackChoice): PackInput['scope'] {
  switch (scope) {
    case 'operation':
      return { kind: 'operation' };
    case 'time':
      return { kind: 'time', since, until };
    case 'objects':
      return { kind: 'objects', objects: [...objects] };
  }
}
