import { defang } from '#shared/interchange/defang.ts';
import { isSelectorType, selectorTypes } from '#shared/interchange/selector-types.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { PackAbout } from '#shared/record/pack/about.ts';

import type { BoardShown } from '../boards.ts';
import type { Act, Facts } from './facts.ts';
import type { Block, Column, Section } from './report.ts';
import { sayKind, sayTime, unlink } from './words.ts';

export type Named = { readonly name: string; readonly desk: string; readonly country: string };

export type ReportSource = {
  readonly about: PackAbout;
  readonly facts: Facts;
  readonly boards: readonly BoardShown[];
  readonly people: ReadonlyMap<string, Named>;
};

/** What a report lists, in the order in which people ask for it. */
export function sectionsOf(source: ReportSource): Section[] {
  return [
    countries(source),
    accessDecisions(source),
    timeline(source),
    boards(source),
    indicators(source),
    messages(source),
    people(source),
  ];
}

function countries({ facts }: ReportSource): Section {
  const rows = [...facts.countries].map(([country, { entries, messages, indicators, changes, refused }]) => [
    country === '' ? 'The hub' : country,
    ...[entries, messages, indicators, changes, refused].map(String),
  ]);
  const columns = [
    text('Country', 3),
    ...['Entries', 'Messages', 'Indicators', 'Board changes', 'Refused'].map((label) => number(label, 2)),
  ];
  return {
    title: 'Figures per country',
    says: 'Of the entries that this pack shows.',
    blocks: [table(columns, rows)],
  };
}

const ACCESS = /^(member\.|access\.|operation\.|record\.|indicators\.exported|quorum\.|witness\.)/;

function accessDecisions(source: ReportSource): Section {
  const rows = source.facts.acts.filter(({ kind }) => ACCESS.test(kind)).map((act) => lineOf(source, act));
  return {
    title: 'Decisions of access',
    says: 'Who was admitted, removed or refused, and what was read and taken out.',
    blocks: [table(lineColumns, rows)],
  };
}

function timeline(source: ReportSource): Section {
  const { acts, unlisted } = source.facts;
  const more = unlisted === 0 ? '' : ` ${unlisted} further entries are in the pack and not listed here.`;
  return {
    title: 'Timeline',
    says: `Changes of one board by one officer within a minute stand in one line.${more}`,
    blocks: [
      table(
        lineColumns,
        acts.map((act) => lineOf(source, act)),
      ),
    ],
  };
}

const lineColumns: Column[] = [number('Entry', 8), mono('Time, UTC', 21), text('Who', 24), text('What', 47)];

function lineOf({ people, boards, facts }: ReportSource, act: Act): string[] {
  const { kind, object, folded } = act;
  const board =
    boards.find(({ id }) => id === object?.id)?.title ??
    facts.boards.find(({ id }) => id === object?.id)?.title;
  const about = object?.kind === 'officer' ? people.get(object.id)?.name : board;
  const parts = [
    sayKind(kind) + (about ? `: ${about}` : ''),
    ...(folded > 0 ? [`${folded + 1} changes`] : []),
    ...(act.outcome === 'refused' && kind !== 'access.refused' ? ['refused'] : []),
    detailOf(act.body),
  ];
  return [
    String(act.seq),
    sayTime(act.at),
    whoOf(people, act.officer),
    parts.filter((part) => part !== '').join(' · '),
  ];
}

/** The short words of an entry that say why and how far. */
function detailOf(body: Json): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return '';
  const { role, reason, purpose, rule, code, times, format, recipient } = body as { [member: string]: Json };
  const named =
    typeof recipient === 'object' && recipient !== null && 'name' in recipient ? recipient.name : null;
  return [
    role,
    rule,
    code,
    typeof times === 'number' && times > 1 ? `${times} times` : null,
    format,
    named,
    purpose,
    reason,
  ]
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .map(unlink)
    .join(' · ');
}

function boards({ boards }: ReportSource): Section {
  const blocks = boards.flatMap((board): Block[] => [
    {
      kind: 'heading',
      text: board.title || 'A board',
      note: `${board.cards.length} cards, ${board.links.length} links`,
    },
    ...(board.state === 'whole' ? [] : [{ kind: 'text' as const, text: board.state }]),
    ...(board.cards.length === 0
      ? []
      : [
          table(
            [text('Frame', 16), text('Kind', 12), text('Card', 26), text('Text', 34), marking('TLP', 12)],
            board.cards.map((card) => [
              card.frame,
              card.kind,
              unlink(card.title),
              unlink(card.text),
              card.tlp,
            ]),
          ),
        ]),
    ...(board.links.length === 0
      ? []
      : [
          table(
            [text('From', 38), text('Link', 24), text('To', 38)],
            board.links.map(({ from, label, to }) => [from, label, to]),
          ),
        ]),
  ]);
  return { title: 'Boards', says: 'As they stood at the checkpoint.', blocks };
}

function indicators({ facts, people }: ReportSource): Section {
  const rows = facts.indicators.map((one) => [
    defangedValue(one.type, one.value),
    typeLabel(one.type),
    one.tlp,
    one.originator || (people.get(one.by ?? '')?.desk ?? ''),
    one.withdrawn ? `withdrawn. ${unlink(one.note)}` : unlink(one.note),
    String(one.seq),
  ]);
  const columns = [
    mono('Value', 38),
    text('Type', 14),
    marking('TLP', 13),
    text('Originator', 11),
    text('Note', 16),
    number('Entry', 8),
  ];
  return {
    title: 'Indicators',
    says: 'Defanged. The exact values are in the contents of their entries.',
    blocks: [table(columns, rows)],
  };
}

function defangedValue(type: string, value: string): string {
  return isSelectorType(type) ? defang({ type, value, display: value, key: value }) : defang(value);
}

function typeLabel(type: string): string {
  return selectorTypes.find((one) => one.type === type)?.label ?? type;
}

function messages({ facts, people }: ReportSource): Section {
  const rows = facts.messages.map((one) => [
    String(one.seq),
    sayTime(one.at),
    whoOf(people, one.officer),
    [
      unlink(one.text ?? 'The words are not in this pack.'),
      ...(one.versions > 1 ? ['(edited)'] : []),
      ...(one.withdrawn ? ['(withdrawn)'] : []),
    ].join(' '),
    one.tlp,
  ]);
  const columns = [
    number('Entry', 8),
    mono('Time, UTC', 21),
    text('Who', 20),
    text('Message', 40),
    marking('TLP', 13),
  ];
  return {
    title: 'Messages',
    says: 'In order of posting, in their last version.',
    blocks: [table(columns, rows)],
  };
}

function people({ people }: ReportSource): Section {
  const rows = [...people].map(([id, { name, desk, country }]) => [name, desk, country, id]);
  return {
    title: 'People',
    says: 'Those who acted in the entries shown, or whom these are about.',
    blocks: [
      table([text('Name', 34), text('Desk', 16), text('Country', 10), mono('Id on the record', 40)], rows),
    ],
  };
}

function whoOf(people: ReadonlyMap<string, Named>, officer: string | null): string {
  if (officer === null) return 'The hub';
  const known = people.get(officer);
  return known === undefined ? officer : `${known.name}, ${known.desk}`;
}

function table(columns: readonly Column[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', columns, rows };
}
function text(label: string, share: number): Column {
  return { label, share, look: 'text' };
}
function mono(label: string, share: number): Column {
  return { label, share, look: 'mono' };
}
function number(label: string, share: number): Column {
  return { label, share, look: 'number' };
}
function marking(label: string, share: number): Column {
  return { label, share, look: 'tlp' };
}
