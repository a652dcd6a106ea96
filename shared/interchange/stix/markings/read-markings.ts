import { atLeastAsStrict, type Pap, papLabels, type Tlp } from '#shared/policy/markings.ts';

import { readPap, readTlp } from '../../marking-names.ts';
import { isObject, type JsonObject, strings, text } from '../objects.ts';
import { type MarkingMeaning, publishedMarking } from './marking-ids.ts';

/** `null`: not stated, so the default of the import applies. */
export type StixMarkings = { readonly tlp: Tlp | null; readonly pap: Pap | null };
export type MarkingsRead = {
  readonly markings: StixMarkings;
  /** Words of statement markings, such as a copyright notice. */
  readonly statements: readonly string[];
  readonly unknown: readonly string[];
};

/** What a marking definition found in the bundle says; `null` when it is not understood. */
export function meaningOf(definition: JsonObject): MarkingMeaning | null {
  const published = publishedMarking(text(definition, 'id') ?? '');
  if (published) return published;
  const extension = Object.values(isObject(definition.extensions) ? definition.extensions : {}).find(
    isObject,
  );
  const body = isObject(definition.definition) ? definition.definition : {};
  const label = (extension && text(extension, 'tlp_2_0')) ?? text(body, 'tlp');
  if (label !== null) return asTlp(label);
  const name = text(definition, 'name') ?? '';
  const words = text(body, 'statement') ?? '';
  const stated = [words, name].find((said) => /^\s*(?:TLP|PAP)\b/i.test(said));
  if (stated !== undefined) return asPap(stated) ?? asTlp(stated);
  return text(definition, 'definition_type') === 'statement' ? { statement: words } : null;
}

function asTlp(label: string): MarkingMeaning | null {
  const tlp = readTlp(label);
  return tlp === null ? null : { tlp };
}

function asPap(label: string): MarkingMeaning | null {
  const pap = /^\s*PAP/i.test(label) ? readPap(label) : null;
  return pap === null ? null : { pap };
}

/**
 * The strictest of all markings on an object, those of single properties included. A marking that is not understood
 * makes it RED. [IN-43]
 */
export function readMarkings(object: JsonObject, defined: ReadonlyMap<string, JsonObject>): MarkingsRead {
  const unknown: string[] = [];
  const statements: string[] = [];
  let markings: StixMarkings = { tlp: null, pap: null };
  for (const id of new Set(markingIds(object))) {
    const definition = defined.get(id);
    const meaning = definition ? meaningOf(definition) : publishedMarking(id);
    if (!meaning) unknown.push(id);
    else if ('statement' in meaning) statements.push(meaning.statement);
    else markings = stricter(markings, { tlp: null, pap: null, ...meaning });
  }
  if (unknown.length > 0) markings = { ...markings, tlp: 'RED' };
  return { markings, statements, unknown };
}

function markingIds(object: JsonObject): string[] {
  const granular = Array.isArray(object.granular_markings) ? object.granular_markings.filter(isObject) : [];
  const refs = granular.flatMap((marking) => text(marking, 'marking_ref') ?? []);
  return [...strings(object, 'object_marking_refs'), ...refs];
}

/** The stricter of each; a stated marking wins over none. */
export function stricter(a: StixMarkings, b: StixMarkings): StixMarkings {
  const tlp = a.tlp !== null && (b.tlp === null || atLeastAsStrict(a.tlp, b.tlp)) ? a.tlp : b.tlp;
  const pap =
    a.pap !== null && (b.pap === null || papLabels.indexOf(a.pap) >= papLabels.indexOf(b.pap))
      ? a.pap
      : b.pap;
  return { tlp, pap };
}
