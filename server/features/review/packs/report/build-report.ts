import { strictest, type Tlp, tlpLabels } from '#shared/policy/markings.ts';
import type { PackAbout } from '#shared/record/pack/about.ts';

import type { Marking, Report } from './report.ts';
import { type ReportSource, sectionsOf } from './sections.ts';
import { sayTime } from './words.ts';

/** The readable account of a pack, from nothing but what the pack shows. */
export function buildReport(source: ReportSource): Report {
  const { about } = source;
  return {
    operation: about.operation,
    recipient: about.recipient.name,
    packId: about.id,
    at: Date.parse(about.signedAt),
    marking: markingOf(source),
    cover: coverOf(source),
    notes: notesOf(source),
    sections: sectionsOf(source),
  };
}

/** The strictest of everything shown; a pack without marked items is still for its recipient only. */
function markingOf({ facts, boards }: ReportSource): Marking {
  const cards = boards.flatMap(({ cards }) => cards.map(({ tlp }) => tlp));
  const tlps = [...facts.markings.tlps, ...cards].filter(isTlp);
  const { paps, codes } = facts.markings;
  const pap = paps.at(-1);
  const strict = codes.filter((code) => code !== 'H0');
  return {
    tlp: tlps.length === 0 ? 'AMBER' : strictest(tlps),
    handling: [
      ...(pap === undefined ? [] : [`PAP:${pap}`]),
      ...(codes.includes('H0') ? ['H0'] : []),
      ...strict,
    ].join('  '),
  };
}

function coverOf({ about }: ReportSource): [string, string][] {
  const { recipient, scope, shown, withheld, purged } = about;
  return [
    ['Operation', about.operation],
    ['For', recipient.name],
    ['Receives', recipient.compartments.map(({ name }) => name).join(', ') || 'no compartment'],
    ['Covers', sayScope(scope)],
    ['Record', about.origin],
    ['Checkpoint', `${about.size} entries, signed ${sayTime(Date.parse(about.signedAt))} UTC`],
    ['Root', about.root],
    ['Entries', `${shown} shown, ${withheld} withheld, ${purged} of those shown without their content`],
    ['Pack', about.id],
    ['Made by', about.software],
  ];
}

function sayScope(scope: PackAbout['scope']): string {
  if (scope.kind === 'operation') return 'the whole operation';
  if (scope.kind === 'time')
    return `entries ${scope.from} to ${scope.to - 1}, ${sayTime(Date.parse(scope.since))} to ${sayTime(Date.parse(scope.until))} UTC`;
  return `${scope.objects.length} selected: ${[...new Set(scope.objects.map(({ kind }) => kind))].join(', ')}`;
}

function notesOf({ about }: ReportSource): string[] {
  const complete = {
    operation:
      'It accounts for every entry of the record up to its checkpoint: what is withheld is proven to be there by its hash.',
    time: 'It accounts for every entry of its time: what is withheld is proven to be there by its hash. It says nothing of other times.',
    objects:
      'It proves that the entries shown are on the record. It does not prove that there are no others.',
  } as const;
  return [
    'This report is a reading aid. The evidence is the entries, contents and proofs beside it in the pack; data/README.txt and data/tools/verify.mjs say how to check them without any network.',
    complete[about.scope.kind],
    'A record proves what was written, by whom and in which order. It does not prove that what was written is true.',
    'All times are UTC. Addresses are defanged and are never links.',
  ];
}

function isTlp(label: string): label is Tlp {
  return tlpLabels.some((one) => one === label);
}
