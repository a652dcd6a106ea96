import { peopleById } from '#server/features/identity/index.ts';
import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import { eventKinds, isEventKind } from '#shared/contracts/event-kinds.ts';
import type { CountryFigures } from '#shared/contracts/review-report.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import { strictest, type Tlp, tlpLabels } from '#shared/policy/markings.ts';
import { list, record, text } from '#shared/review/read-json.ts';

/** Entries of one snapshot while their contents are read: a long record does not hold up the rooms. */
const CHUNK = 2_000;
const MINUTE = 60_000;
const read = ['message.posted', 'indicator.added', 'indicators.import-part'];

export type Figures = { readonly countries: CountryFigures[]; readonly marking: Tlp };

type Gathered = {
  readonly indicators: Map<string, number>;
  readonly delays: Map<string, number[]>;
  readonly labels: Set<Tlp>;
};

/** What is counted in the snapshot that says how far the debrief reaches. */
export type Counted = {
  readonly counts: ReadonlyMap<string, readonly Count[]>;
  readonly members: ReadonlyMap<string, number>;
};

export async function countAll(tx: Tx, pass: RoomPass, end: number): Promise<Counted> {
  return { counts: await countsOf(tx, pass), members: await membersByCountry(tx, pass, end) };
}

/** Of what this reader may see, up to and without `end`. */
export async function figuresOf(
  store: Store,
  pass: RoomPass,
  { end, counts, members }: Counted & { readonly end: number },
): Promise<Figures> {
  const { indicators, delays, labels } = await gather(store, pass, end);
  const countries = new Set([...counts.keys(), ...members.keys(), ...indicators.keys()]);
  return {
    marking: strictest([...labels]),
    countries: [...countries].sort().map((country) => {
      const of = (which: (one: Count) => boolean) =>
        (counts.get(country) ?? []).filter(which).reduce((sum, { entries }) => sum + entries, 0);
      const ok = (kind: string) => of((one) => one.kind === kind && one.outcome === 'ok');
      const replies = delays.get(country) ?? [];
      return {
        country,
        acts: of(({ outcome }) => outcome === 'ok'),
        boardChanges: ok('board.updated'),
        messages: ok('message.posted'),
        indicators: indicators.get(country) ?? 0,
        withdrawn: ok('message.withdrawn') + ok('indicator.withdrawn'),
        members: members.get(country) ?? 0,
        consultations: of(
          ({ kind, outcome }) => outcome === 'ok' && isEventKind(kind) && eventKinds[kind] === 'consultation',
        ),
        exports: of(({ kind, outcome }) => outcome === 'ok' && kind.endsWith('.exported')),
        denials: of(({ outcome }) => outcome === 'refused'),
        replies: replies.length,
        medianReplyMinutes: medianOf(replies),
      };
    }),
  };
}

type Count = {
  readonly country: string;
  readonly kind: string;
  readonly outcome: string;
  readonly entries: number;
};

async function countsOf(tx: Tx, pass: RoomPass): Promise<Map<string, Count[]>> {
  const found = await rows<Count>(
    tx,
    sql`select t.country, t.kind, t.outcome, sum(t.entries)::bigint as entries from review_tally t
        where t.log_id = ${pass.operation}
          and ${visibleTo(pass, { compartment: sql`nullif(t.compartment_id, '')`, by: sql`nullif(t.officer_id, '')` })}
        group by t.country, t.kind, t.outcome`,
  );
  const byCountry = new Map<string, Count[]>();
  for (const one of found) byCountry.set(one.country, [...(byCountry.get(one.country) ?? []), one]);
  return byCountry;
}

async function membersByCountry(tx: Tx, pass: RoomPass, end: number): Promise<Map<string, number>> {
  const found = await rows<{ id: OfficerId }>(
    tx,
    sql`select distinct e.object_id as id from entries e
        where e.log_id = ${pass.operation} and e.seq < ${end} and e.kind = 'member.added' and e.outcome = 'ok'
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}`,
  );
  const people = await peopleById(
    tx,
    found.map(({ id }) => id),
  );
  const members = new Map<string, number>();
  for (const { country } of people.values()) members.set(country, (members.get(country) ?? 0) + 1);
  return members;
}

type Row = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly country: string | null;
  readonly object_id: string | null;
  readonly payload: Buffer | null;
};

/** What only contents tell: rows of imports, markings, and how long a message waited for a reply. */
async function gather(store: Store, pass: RoomPass, end: number): Promise<Gathered> {
  const gathered: Gathered = { indicators: new Map(), delays: new Map(), labels: new Set() };
  const posted = new Map<string, { at: number; country: string }>();
  for (let from = 0; from < end; ) {
    const page = await store.read((tx) => pageOf(tx, pass, from, end));
    for (const row of page) {
      if (row.kind === 'message.posted') addMessage(gathered, posted, row);
      else addIndicators(gathered, row);
    }
    const last = page.at(-1);
    if (page.length < CHUNK || last === undefined) break;
    from = last.seq + 1;
  }
  return gathered;
}

function pageOf(tx: Tx, pass: RoomPass, from: number, end: number): Promise<Row[]> {
  return rows(
    tx,
    sql`select e.seq, e.at_ms, e.kind, e.country, e.object_id, c.payload
        from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and e.seq >= ${from} and e.seq < ${end} and e.outcome = 'ok'
          and e.kind = any(${read}::text[])
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })} order by e.seq limit ${CHUNK}`,
  );
}

function addMessage(
  { delays, labels }: Gathered,
  posted: Map<string, { at: number; country: string }>,
  row: Row,
): void {
  const told = record(bodyOf(row));
  addLabel(labels, record(told.handling).tlp);
  const country = row.country ?? '';
  if (row.object_id !== null) posted.set(row.object_id, { at: row.at_ms, country });
  const answered = posted.get(text(told.replyTo) ?? '');
  if (answered === undefined || answered.country === country) return;
  delays.set(country, [...(delays.get(country) ?? []), row.at_ms - answered.at]);
}

function addIndicators({ indicators, labels }: Gathered, row: Row): void {
  const told = record(bodyOf(row));
  const rowsOf = row.kind === 'indicator.added' ? [told] : list(told.indicators).map(record);
  const country = row.country ?? '';
  indicators.set(country, (indicators.get(country) ?? 0) + rowsOf.length);
  for (const one of rowsOf) addLabel(labels, one.tlp ?? record(one.handling).tlp);
}

function addLabel(labels: Set<Tlp>, given: unknown): void {
  const label = tlpLabels.find((one) => one === given);
  if (label !== undefined) labels.add(label);
}

function medianOf(delays: readonly number[]): number | null {
  if (delays.length === 0) return null;
  const sorted = [...delays].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return Math.round(median / (MINUTE / 10)) / 10;
}
