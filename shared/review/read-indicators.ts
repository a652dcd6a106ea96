import type { IndicatorThen } from '#shared/contracts/review-replay.ts';
import { defang, isSelectorType } from '#shared/interchange/selector.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { IndicatorId } from '#shared/kernel/ids.ts';

import { list, number, record, text } from './read-json.ts';
import type { Step } from './room.ts';

type Handling = IndicatorThen['handling'];
type Told = { readonly [name: string]: Json | undefined };

/** One that was added by hand: its content is the indicator as the register has it. */
export function indicatorAdded(
  id: IndicatorId,
  { seq, at, by, compartment, body }: Step,
): IndicatorThen | null {
  const told = record(body);
  if (by === null || compartment === null || Object.keys(told).length === 0) return null;
  return { ...readRow(told, told), id, seq, compartment, addedBy: by, addedAt: text(told.addedAt) ?? at };
}

/** A change or a withdrawal says the whole indicator as it stands after it. */
export function indicatorChanged(
  held: IndicatorThen | undefined,
  { kind, body }: Step,
): IndicatorThen | null {
  if (held === undefined) return null;
  const told = record(body);
  const { id, seq, compartment, addedBy, addedAt } = held;
  const now = Object.keys(told).length === 0 ? held : readRow(told, told);
  const state = kind === 'indicator.withdrawn' ? 'withdrawn' : now.state;
  return { ...now, id, seq, compartment, addedBy, addedAt, state };
}

/** The rows of a part of an import; what they have in common is said once, beside them. */
export function partOfImport({ seq, at, by, compartment, object, body }: Step): IndicatorThen[] {
  if (by === null || compartment === null) return [];
  const common = record(body);
  return list(common.indicators).flatMap((row) => {
    const told = record(row);
    const id = text(told.id);
    if (id === null) return [];
    return {
      ...readRow(told, common),
      id: id as IndicatorId,
      seq,
      compartment,
      addedBy: by,
      addedAt: text(common.addedAt) ?? at,
      importId: (object?.id ?? null) as IndicatorThen['importId'],
    };
  });
}

type Read = Omit<IndicatorThen, 'id' | 'seq' | 'compartment' | 'addedBy' | 'addedAt'>;

function readRow(told: Told, common: Told): Read {
  const type = text(told.type) ?? 'other';
  const value = text(told.value) ?? '';
  return {
    type,
    value,
    display: text(told.display) ?? displayOf(type, value),
    key: text(told.key) ?? '',
    raw: text(told.raw) ?? value,
    note: text(told.note) ?? '',
    handling: handlingOf(told, common),
    originator: text(told.originator) ?? text(common.originator) ?? '',
    confidence: number(told.confidence),
    validFrom: text(told.validFrom),
    validUntil: text(told.validUntil),
    actionable: told.actionable !== false,
    source: text(told.source) ?? text(common.source) ?? '',
    importId: text(told.importId) as Read['importId'],
    state: told.state === 'withdrawn' ? 'withdrawn' : 'active',
  };
}

/** Rows of imports say only where they differ from the import. */
function handlingOf(told: Told, common: Told): Handling {
  const strict: Handling = { tlp: 'RED', pap: 'RED', code: 'H3', caveat: '', evaluation: null };
  const given = { ...record(common.handling ?? null), ...record(told.handling ?? null) };
  const own = { ...(told.tlp && { tlp: told.tlp }), ...(told.pap && { pap: told.pap }) };
  return { ...strict, ...given, ...own } as Handling;
}

function displayOf(type: string, value: string): string {
  return isSelectorType(type) ? defang({ type, value, display: value, key: '' }) : value;
}
