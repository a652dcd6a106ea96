import type { Millis } from '#shared/kernel/clock.ts';
import { REMIND_DAYS } from '#shared/policy/lifecycle.ts';

export type Retention =
  | { readonly state: 'none' }
  | { readonly state: 'far' | 'ahead'; readonly days: number }
  | { readonly state: 'passed' };

const DAY = 86_400_000;

/** How the retention date stands: `ahead` from thirty days before to the day itself. [LC-14] */
export function retentionAt(until: string | null, now: Millis): Retention {
  if (until === null) return { state: 'none' };
  const today = now - (now % DAY);
  const days = Math.round((Date.parse(`${until}T00:00:00Z`) - today) / DAY);
  if (days < 0) return { state: 'passed' };
  return { state: days <= REMIND_DAYS ? 'ahead' : 'far', days };
}
