import type { Say } from '#client/platform/text.ts';
import type { Evidence } from '#shared/record/witness/evidence.ts';
import type { reviewText } from '../text.ts';

/** Title and sentence of a contradiction, the same wherever it is told. */
export function alarmWords(
  say: Say<typeof reviewText>,
  state: Evidence['state'],
): { title: string; says: string } {
  switch (state) {
    case 'forked':
      return { title: say('trust.forked-title'), says: say('trust.forked') };
    case 'rolled-back':
      return { title: say('trust.rolled-back-title'), says: say('trust.rolled-back') };
    case 'key-changed':
      return { title: say('trust.key-changed-title'), says: say('trust.key-changed') };
  }
}
