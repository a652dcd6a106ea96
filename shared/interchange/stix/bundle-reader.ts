import type { Millis } from '#shared/kernel/clock.ts';

import type { Selector } from '../selector-types.ts';
import type { CanonicaliseOptions } from '../verdict.ts';
import { findFlaw, readTime } from './check-object.ts';
import { readMarkings, type StixMarkings, stricter } from './markings/read-markings.ts';
import { mergeObservables } from './merge-observables.ts';
import { isObject, type JsonObject, type StixProblem, strings, text } from './objects.ts';
import { readObservable } from './observables.ts';
import { type Candidate, readCandidate } from './pattern/candidates.ts';
import { parsePattern } from './pattern/parse-pattern.ts';
import { reducePattern } from './pattern/reduce.ts';

/** One indicator or observable. `selectors` is empty when only its `pattern` can be kept. */
export type StixRow = {
  readonly path: string;
  readonly objectId: string;
  readonly type: string;
  readonly selectors: readonly Selector[];
  readonly pattern: string | null;
  /** Observables without an indicator say that something was seen, not that it is bad. */
  readonly actionable: boolean;
  readonly revoked: boolean;
  readonly markings: StixMarkings;
  readonly statements: readonly string[];
  readonly confidence: number | null;
  readonly created: Millis | null;
  readonly modified: Millis | null;
  readonly validFrom: Millis | null;
  readonly validUntil: Millis | null;
  readonly description: string;
  readonly name: string;
  readonly createdBy: { readonly id: string; readonly name: string | null } | null;
};

type Placed = { readonly object: JsonObject; readonly path: string; readonly id: string };

/** Takes objects in order, then gives the rows: what refers to what is known only at the end. */
export class BundleReader {
  private readonly defaults: CanonicaliseOptions;
  private readonly byId = new Map<string, Placed>();
  private readonly problems: StixProblem[] = [];
  private kept = 0;

  constructor(defaults: CanonicaliseOptions) {
    this.defaults = defaults;
  }

  add(object: unknown, path: string): void {
    if (!isObject(object)) {
      this.problems.push({ path, objectId: null, code: 'invalid', message: 'This is not an object.' });
      return;
    }
    const flaw = findFlaw(object);
    if (flaw) {
      const { at, ...why } = flaw;
      const where = at === '' || path === '' ? `${path}${at}` : `${path}.${at}`;
      this.problems.push({ path: where, objectId: text(object, 'id')?.slice(0, 200) ?? null, ...why });
    } else this.place({ object, path, id: text(object, 'id') ?? '' });
  }

  finish(): { rows: StixRow[]; problems: StixProblem[]; kept: number } {
    const objects = new Map([...this.byId].map(([id, { object }]) => [id, object]));
    const inherited = this.inheritedMarkings(objects);
    const rows: StixRow[] = [];
    for (const placed of this.byId.values()) rows.push(...this.read(placed, objects, inherited));
    return { rows: mergeObservables(rows), problems: this.problems, kept: this.kept };
  }

  private place(placed: Placed): void {
    const before = this.byId.get(placed.id);
    if (!before) {
      this.byId.set(placed.id, placed);
      return;
    }
    const [older, newer] =
      version(placed.object) > version(before.object) ? [before, placed] : [placed, before];
    this.byId.set(placed.id, newer);
    const message = 'The same id stands in the bundle more than once: the newest version is read.';
    this.problems.push({ path: older.path, objectId: placed.id, code: 'duplicate', message });
  }

  /** An observable is at least as restricted as what reports it. */
  private inheritedMarkings(objects: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, StixMarkings> {
    const inherited = new Map<string, StixMarkings>();
    for (const object of objects.values()) {
      if (object.type !== 'observed-data') continue;
      const { markings } = readMarkings(object, objects);
      for (const id of strings(object, 'object_refs'))
        inherited.set(id, stricter(inherited.get(id) ?? NONE, markings));
    }
    return inherited;
  }

  private read(
    placed: Placed,
    objects: ReadonlyMap<string, JsonObject>,
    inherited: ReadonlyMap<string, StixMarkings>,
  ): StixRow[] {
    const { object, path, id } = placed;
    const type = text(object, 'type') ?? '';
    if (type === 'identity' || type === 'marking-definition') return [];
    const base = this.base(placed, objects, inherited.get(id) ?? NONE);
    this.reportDangling(placed, objects);
    if (type === 'indicator') return this.readIndicator(base, object);
    if (type === 'observed-data' && isObject(object.objects)) return this.readEmbedded(base, object.objects);
    const candidates = readObservable(object, objects);
    if (candidates === null) {
      this.kept++;
      return [];
    }
    const selectors = this.check(candidates, id, path);
    return selectors.length > 0 ? [{ ...base, selectors }] : [];
  }

  private base(
    { object, path, id }: Placed,
    objects: ReadonlyMap<string, JsonObject>,
    inherited: StixMarkings,
  ): StixRow {
    const { markings, statements, unknown } = readMarkings(object, objects);
    for (const marking of unknown) {
      const message = `The marking ${marking.slice(0, 100)} is not known: the object is held as TLP:RED.`;
      this.problems.push({ path, objectId: id, code: 'unknown-marking', message });
    }
    const creator = text(object, 'created_by_ref');
    const identity = creator === null ? undefined : objects.get(creator);
    return {
      path,
      objectId: id,
      type: text(object, 'type') ?? '',
      selectors: [],
      pattern: null,
      actionable: false,
      revoked: object.revoked === true,
      markings: stricter(markings, inherited),
      statements,
      confidence: typeof object.confidence === 'number' ? object.confidence : null,
      created: readTime(text(object, 'created')),
      modified: readTime(text(object, 'modified')),
      validFrom: readTime(text(object, 'valid_from')),
      validUntil: readTime(text(object, 'valid_until')),
      description: text(object, 'description') ?? '',
      name: text(object, 'name') ?? '',
      createdBy: creator === null ? null : { id: creator, name: identity ? text(identity, 'name') : null },
    };
  }

  private readIndicator(base: StixRow, object: JsonObject): StixRow[] {
    const pattern = text(object, 'pattern') ?? '';
    const row = { ...base, pattern, actionable: !base.revoked };
    const language = text(object, 'pattern_type') ?? 'stix';
    if (language !== 'stix')
      return [this.patternOnly(row, `A ${language.slice(0, 40)} rule: it is kept whole.`)];
    const parsed = parsePattern(pattern);
    if (!parsed.ok) {
      const message = `At character ${parsed.at + 1} of the pattern: ${parsed.message}.`;
      this.problems.push({
        path: dotted(base.path, 'pattern'),
        objectId: base.objectId,
        code: 'bad-pattern',
        message,
      });
      return [];
    }
    const candidates = reducePattern(parsed.observation);
    if (candidates === null)
      return [this.patternOnly(row, 'The pattern is more than a list of values: it is kept whole.')];
    const selectors = this.check(candidates, base.objectId, dotted(base.path, 'pattern'));
    return selectors.length > 0 ? [{ ...row, selectors }] : [];
  }

  private patternOnly(row: StixRow, message: string): StixRow {
    this.problems.push({
      path: dotted(row.path, 'pattern'),
      objectId: row.objectId,
      code: 'pattern-only',
      message,
    });
    return row;
  }

  /** The objects inside an observation of STIX 2.0, which have no ids of their own. */
  private readEmbedded(base: StixRow, embedded: JsonObject): StixRow[] {
    const rows: StixRow[] = [];
    for (const [key, object] of Object.entries(embedded)) {
      const path = `${dotted(base.path, 'objects')}['${key.slice(0, 40)}']`;
      const candidates = isObject(object) ? readObservable(object, new Map()) : null;
      if (!isObject(object) || candidates === null) {
        this.kept++;
        continue;
      }
      const selectors = this.check(candidates, base.objectId, path);
      if (selectors.length > 0) rows.push({ ...base, path, type: text(object, 'type') ?? '', selectors });
    }
    return rows;
  }

  private check(candidates: readonly Candidate[], objectId: string, path: string): Selector[] {
    const selectors = new Map<string, Selector>();
    for (const candidate of candidates) {
      const result = readCandidate(candidate, this.defaults);
      if (result.ok) {
        selectors.set(result.selector.key, result.selector);
        continue;
      }
      const { ok: _, ...why } = result;
      this.problems.push({
        path,
        objectId,
        ...why,
        message: `${candidate.raw.slice(0, 200)}: ${why.message}`,
      });
    }
    return [...selectors.values()];
  }

  private reportDangling({ object, path, id }: Placed, objects: ReadonlyMap<string, JsonObject>): void {
    for (const key of ['created_by_ref', 'source_ref', 'target_ref', 'sighting_of_ref']) {
      const ref = text(object, key);
      if (ref === null || objects.has(ref)) continue;
      const message = `It refers to ${ref.slice(0, 100)}, which is not in the bundle.`;
      this.problems.push({ path: dotted(path, key), objectId: id, code: 'dangling-reference', message });
    }
  }
}

const NONE: StixMarkings = { tlp: null, pap: null };

function dotted(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function version(object: JsonObject): number {
  return readTime(text(object, 'modified')) ?? 0;
}
