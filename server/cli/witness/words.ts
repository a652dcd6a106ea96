import { unreachable } from '#shared/kernel/failures.ts';
import type { Evidence } from '#shared/record/witness/evidence.ts';

import { exitCodes, type WitnessExit } from './exit-codes.ts';
import type { Look } from './look.ts';

/** What was seen, plainly. */
export function sentenceOf(seen: Look): string {
  switch (seen.saw) {
    case 'nothing-signed':
      return 'The hub has signed nothing of this record yet.';
    case 'same':
      return `Still ${seen.size} entries, cosigned.`;
    case 'cosigned':
      if (seen.before === null)
        return `First sight: ${seen.size} entries, cosigned. Compare this key of the record with the one your desk was given: ${seen.vkey}`;
      return seen.before === seen.size
        ? `${seen.size} entries as before: cosigned afresh.`
        : `${seen.size} entries, which begin with the ${seen.before} seen before: cosigned.`;
    case 'not-taken':
      return `${seen.size} entries verified, but the hub did not take the cosignature: ${seen.says}`;
    case 'unverified':
      return `NOT COSIGNED: what the hub shows does not verify (${seen.reason}).`;
    case 'refused':
      return `The hub refused: ${seen.says}`;
    case 'no-hub':
      return `The hub could not be asked: ${seen.says}`;
    case 'contradiction':
      return `ALARM: ${seen.evidence.state}`;
    default:
      return unreachable(seen);
  }
}

const what: Readonly<Record<Evidence['state'], string>> = {
  forked:
    'The record shown now does not contain what this witness verified before: it was rewritten, or forked.',
  'rolled-back':
    'The record shown now is shorter than the one this witness verified before: it was rolled back.',
  'key-changed': 'The record is signed with another key than the one this witness pinned.',
};

/** Said on every start from then on, and loudly. */
export function alarmWords(evidence: Evidence, file: string): string[] {
  const { known, shown } = evidence;
  return [
    '',
    '################################  ALARM  ################################',
    what[evidence.state],
    `Seen at   ${evidence.seenAt}`,
    `Reason    ${evidence.reason}`,
    `Record    ${evidence.origin}`,
    `Known     ${known.note?.split('\n').slice(1, 3).join(' ') ?? `${known.size} ${known.root}`}`,
    `Shown     ${shown.note?.split('\n').slice(1, 3).join(' ') ?? 'nothing'}`,
    ...(evidence.state === 'key-changed' ? [`Keys      ${known.vkey}`, `          ${shown.vkey}`] : []),
    `Both notes are kept in ${file}. Nothing more is cosigned with this key.`,
    'Do: keep that file, tell your desk and the other desks over another channel, and compare what each has seen:',
    '  muster verify <their evidence, state or export> --against <yours>',
    '#########################################################################',
    '',
  ];
}

export function exitOf(state: Evidence['state']): WitnessExit {
  switch (state) {
    case 'forked':
      return exitCodes.forked;
    case 'rolled-back':
      return exitCodes.rolledBack;
    case 'key-changed':
      return exitCodes.keyChanged;
  }
}
