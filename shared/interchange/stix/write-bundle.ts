import type { Json } from '#shared/kernel/canonical-json.ts';
import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { type Pap, papLabels, type Tlp, tlpLabels } from '#shared/policy/markings.ts';

import type { Selector } from '../selector-types.ts';
import { ourId } from './ids.ts';
import { markingRefs, papDefinition, tlpDefinition } from './markings/marking-ids.ts';
import { stricter } from './markings/read-markings.ts';
import { patternOf } from './pattern/write-pattern.ts';
import { observablesOf, type StixObject } from './write-observable.ts';

/** One contribution as it leaves. The caller has already decided that it may. */
export type IndicatorExport = {
  /** Id of the contribution. With the originator it makes the STIX id: the same in every export. */
  readonly id: string;
  /** `id` of one of the identities. */
  readonly originator: string;
  readonly selector: Selector;
  readonly markings: { readonly tlp: Tlp; readonly pap: Pap };
  readonly confidence: number | null;
  readonly created: Millis;
  readonly modified: Millis;
  /** When absent, from the moment it was created. */
  readonly validFrom: Millis | null;
  readonly validUntil: Millis | null;
  readonly name: string;
  readonly description: string;
  readonly revoked: boolean;
};

/** A desk or organisation as the bundle names it. */
export type IdentityExport = { readonly id: string; readonly name: string; readonly created: Millis };

export type WriteBundleOptions = {
  readonly identities: readonly IdentityExport[];
  /** The moment of the export. It makes the bundle's own id, which the standard wants new for each bundle. */
  readonly now: Millis;
};

export type StixBundle = {
  readonly type: 'bundle';
  readonly id: string;
  readonly objects: readonly StixObject[];
};

/**
 * STIX 2.1. The same input gives the same bytes, in whatever order it comes; `readBundle` gives back the selectors,
 * markings, confidence and validity. [IN-45] [IN-47]
 */
export function writeBundle(indicators: readonly IndicatorExport[], options: WriteBundleOptions): StixBundle {
  const ordered = [...indicators].sort((a, b) => compare(a.originator, b.originator) || compare(a.id, b.id));
  const used = new Set(ordered.map(({ originator }) => originator));
  const identities = options.identities.filter(({ id }) => used.has(id)).map(writeIdentity);
  invariant(identities.length === used.size, 'every originator of an export is among its identities');
  const sdos = ordered.map(writeIndicator);
  const objects = [...sortById(identities), ...definitions(ordered), ...writeObservables(ordered), ...sdos];
  const id = ourId(
    'bundle',
    isoTime(options.now),
    ...objects.map((object) => `${object.id} ${object.modified ?? ''}`),
  );
  return { type: 'bundle', id, objects };
}

function writeIdentity({ id, name, created }: IdentityExport): StixObject {
  const at = isoTime(created);
  const identity_class = 'organization';
  return {
    type: 'identity',
    spec_version: '2.1',
    id: ourId('identity', id),
    created: at,
    modified: at,
    name,
    identity_class,
  };
}

function writeIndicator(indicator: IndicatorExport): StixObject {
  const { originator, id, selector, markings, confidence, created, modified, validFrom, validUntil } =
    indicator;
  const from = validFrom ?? created;
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: ourId('indicator', originator, id),
    created_by_ref: ourId('identity', originator),
    created: isoTime(created),
    modified: isoTime(Math.max(modified, created)),
    ...(indicator.revoked ? { revoked: true } : {}),
    ...(indicator.name === '' ? {} : { name: indicator.name.toWellFormed() }),
    ...(indicator.description === '' ? {} : { description: indicator.description.toWellFormed() }),
    pattern: patternOf(selector),
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: isoTime(from),
    // The standard has no indicator that was never valid.
    ...(validUntil === null || validUntil <= from ? {} : { valid_until: isoTime(validUntil) }),
    ...(confidence === null ? {} : { confidence }),
    object_marking_refs: markingRefs(markings),
  };
}

function definitions(indicators: readonly IndicatorExport[]): StixObject[] {
  const tlps = new Set(indicators.map(({ markings }) => markings.tlp));
  const paps = new Set(indicators.map(({ markings }) => markings.pap));
  return [
    ...tlpLabels.filter((label) => tlps.has(label)).map(tlpDefinition),
    ...papLabels.filter((label) => paps.has(label)).map(papDefinition),
  ];
}

/** Each observable once, under the strictest marking of the indicators that stand for it. */
function writeObservables(indicators: readonly IndicatorExport[]): StixObject[] {
  const byId = new Map<string, { object: StixObject; tlp: Tlp; pap: Pap }>();
  for (const { selector, markings } of indicators) {
    for (const object of observablesOf(selector)) {
      const before = byId.get(idOf(object)) ?? { object, ...markings };
      const { tlp, pap } = stricter(before, markings);
      byId.set(idOf(object), { object, tlp: tlp ?? markings.tlp, pap: pap ?? markings.pap });
    }
  }
  const marked = [...byId.values()].map(({ object, ...markings }) => ({
    ...object,
    object_marking_refs: markingRefs(markings),
  }));
  return sortById(marked);
}

function sortById(objects: readonly StixObject[]): StixObject[] {
  return [...objects].sort((a, b) => compare(idOf(a), idOf(b)));
}

function idOf(object: StixObject): string {
  return text(object.id);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
