import type { Json } from '#shared/kernel/canonical-json.ts';
import { fromUtf8 } from '#shared/kernel/encoding.ts';
import { type HandlingCode, handlingCodes, type Pap, type Tlp, tlpLabels } from '#shared/policy/markings.ts';
import { type Entry, parseEntry } from '#shared/record/entry.ts';

import { isCustody } from '../custody.ts';
import type { PackRow } from '../store.ts';

/** What a report tells of, as it stands in the entries that the pack shows. Plain data: it crosses threads. */
export type Act = {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly officer: string | null;
  readonly country: string | null;
  readonly object: { readonly kind: string; readonly id: string } | null;
  readonly outcome: 'ok' | 'refused';
  readonly body: Json;
  /** Further changes of the same board by the same officer within the minute. */
  folded: number;
};
export type Said = {
  readonly seq: number;
  readonly at: number;
  readonly officer: string | null;
  text: string | null;
  tlp: string;
  versions: number;
  withdrawn: boolean;
};
export type Known = {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly value: string;
  readonly tlp: string;
  readonly pap: string;
  /** Desk that contributed it; empty when it was imported, by `by`. */
  readonly originator: string;
  readonly by: string | null;
  readonly note: string;
  withdrawn: boolean;
};
export type DrawnBoard = { readonly id: string; title: string; changes: number[] };
export type CountryCount = {
  entries: number;
  messages: number;
  indicators: number;
  changes: number;
  refused: number;
};

export type Facts = {
  /** Exports and hand-overs, however many. */
  readonly custody: readonly Act[];
  readonly acts: readonly Act[];
  /** Acts beyond what a report lists; they are in the pack all the same. */
  readonly unlisted: number;
  readonly messages: readonly Said[];
  readonly indicators: readonly Known[];
  readonly boards: readonly DrawnBoard[];
  readonly countries: ReadonlyMap<string, CountryCount>;
  readonly markings: {
    readonly tlps: readonly Tlp[];
    readonly paps: readonly Pap[];
    readonly codes: readonly HandlingCode[];
  };
};

/** Acts that a report lists one by one; of more it gives the number. */
const LISTED = 5_000;
const MINUTE = 60_000;

type Body = { readonly [member: string]: Json };

/** Takes the shown entries in order and keeps what a reader wants to know of them. */
export class FactsTaken {
  /** Everybody who acted in an entry that is shown, or whom it is about. */
  readonly people = new Set<string>();
  readonly #acts: Act[] = [];
  readonly #custody: Act[] = [];
  #unlisted = 0;
  readonly #messages = new Map<string, Said>();
  readonly #indicators = new Map<string, Known>();
  readonly #boards = new Map<string, DrawnBoard>();
  readonly #countries = new Map<string, CountryCount>();
  readonly #tlps = new Set<string>();
  readonly #paps = new Set<string>();
  readonly #codes = new Set<string>();

  take({ bytes, payload }: PackRow): void {
    const parsed = bytes === null ? null : parseEntry(bytes);
    if (parsed === null || !parsed.ok) return;
    const { entry } = parsed;
    const isChange = entry.kind === 'board.updated';
    const body = isChange || payload === null ? null : jsonOf(payload);
    const act = actOf(entry, body);
    if (act.officer !== null) this.people.add(act.officer);
    if (act.object?.kind === 'officer') this.people.add(act.object.id);
    this.#count(act);
    this.#list(act);
    if (isCustody(act)) this.#custody.push(act);
    if (isChange) this.#takeChange(act, payload !== null);
    else if (isBody(body)) this.#takeBody(act, body);
  }

  facts(): Facts {
    const marked = <T extends string>(all: readonly T[], found: ReadonlySet<string>) =>
      all.filter((one) => found.has(one));
    return {
      acts: this.#acts,
      custody: this.#custody,
      unlisted: this.#unlisted,
      messages: [...this.#messages.values()],
      indicators: [...this.#indicators.values()],
      boards: [...this.#boards.values()],
      countries: new Map([...this.#countries].sort(([a], [b]) => (a < b ? -1 : 1))),
      markings: {
        tlps: marked(tlpLabels, this.#tlps),
        paps: marked(['CLEAR', 'GREEN', 'AMBER', 'RED'] as const, this.#paps),
        codes: marked(handlingCodes, this.#codes),
      },
    };
  }

  #count({ country, kind, outcome, body }: Act): void {
    const key = country ?? '';
    const held = this.#countries.get(key) ?? {
      entries: 0,
      messages: 0,
      indicators: 0,
      changes: 0,
      refused: 0,
    };
    held.entries += 1;
    if (outcome === 'refused' || kind === 'access.refused') held.refused += 1;
    if (kind === 'message.posted') held.messages += 1;
    if (kind === 'board.updated') held.changes += 1;
    if (kind === 'indicator.added') held.indicators += 1;
    if (kind === 'indicators.import-part') held.indicators += rowsIn(body).length;
    this.#countries.set(key, held);
  }

  /** Consecutive changes of one board by one officer within a minute are one line. */
  #list(act: Act): void {
    const last = this.#acts.at(-1);
    const same =
      act.kind === 'board.updated' &&
      last?.kind === act.kind &&
      last.officer === act.officer &&
      last.object?.id === act.object?.id &&
      act.at - last.at < MINUTE;
    if (same) last.folded += 1;
    else if (this.#acts.length < LISTED) this.#acts.push(act);
    else this.#unlisted += 1;
  }

  #takeChange({ seq, object, outcome }: Act, opened: boolean): void {
    if (object === null || outcome !== 'ok' || !opened) return;
    this.#board(object.id).changes.push(seq);
  }

  #takeBody(act: Act, body: Body): void {
    const { kind, object } = act;
    this.#mark(body);
    if (object === null) return;
    if (kind === 'board.created') this.#board(object.id).title = textOf(body.title);
    if (kind.startsWith('message.')) this.#takeMessage(act, object.id, body);
    if (kind === 'indicator.added') this.#indicators.set(object.id, knownOf(act, object.id, body));
    if (kind === 'indicators.import-part') {
      for (const row of rowsIn(body)) {
        this.#mark(row);
        this.#indicators.set(textOf(row.id), knownOf(act, textOf(row.id), row));
      }
    }
    const withdrawn = kind === 'indicator.withdrawn' ? this.#indicators.get(object.id) : undefined;
    if (withdrawn !== undefined) withdrawn.withdrawn = true;
  }

  #takeMessage({ seq, at, officer, kind }: Act, id: string, body: Body): void {
    const held = this.#messages.get(id);
    const tlp = textOf(isBody(body.handling) ? body.handling.tlp : null);
    const message = held ?? { seq, at, officer, text: null, tlp, versions: 0, withdrawn: false };
    message.versions += kind === 'message.withdrawn' ? 0 : 1;
    message.withdrawn = kind === 'message.withdrawn';
    // A withdrawn message leaves the screen, not the record: the words are those of its last version.
    if (typeof body.text === 'string') message.text = body.text;
    this.#messages.set(id, message);
  }

  #mark(body: Body): void {
    const handling = isBody(body.handling) ? body.handling : body;
    this.#tlps.add(textOf(handling.tlp));
    this.#paps.add(textOf(handling.pap));
    this.#codes.add(textOf(handling.code));
  }

  #board(id: string): DrawnBoard {
    const board = this.#boards.get(id) ?? { id, title: '', changes: [] };
    this.#boards.set(id, board);
    return board;
  }
}

function actOf(entry: Entry, body: Json): Act {
  const { seq, at, kind, by, object, outcome } = entry;
  const officer = 'officer' in by ? by.officer : null;
  const country = 'officer' in by ? by.country : null;
  return { seq, at, kind, officer, country, object, outcome, body, folded: 0 };
}

function knownOf({ seq, officer }: Act, id: string, row: Body): Known {
  const handling = isBody(row.handling) ? row.handling : row;
  return {
    id,
    seq,
    type: textOf(row.type),
    value: textOf(row.value),
    tlp: textOf(handling.tlp),
    pap: textOf(handling.pap),
    originator: textOf(row.originator),
    by: officer,
    note: textOf(row.note),
    withdrawn: false,
  };
}

function rowsIn(body: Json): Body[] {
  const rows = isBody(body) ? body.indicators : null;
  return Array.isArray(rows) ? rows.filter(isBody) : [];
}

function jsonOf(payload: Uint8Array): Json {
  try {
    return JSON.parse(fromUtf8(payload)) as Json;
  } catch {
    return null;
  }
}

function isBody(value: Json | undefined): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
