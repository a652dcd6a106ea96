import type { Handler } from '#server/platform/http/commands.ts';
import type { Random } from '#shared/kernel/random.ts';

import { holdHandlers } from './holds.ts';
import { readHandler } from './read.ts';
import { retentionHandler } from './retention.ts';
import { statePurposeHandler, stepHandlers } from './steps.ts';

/** How an operation goes from planned to archived, and what keeps it. docs/protocol/lifecycle.md */
export function lifecycleHandlers({ random }: { readonly random: Random }): Handler[] {
  return [
    ...stepHandlers(),
    statePurposeHandler(),
    ...holdHandlers(random),
    retentionHandler(),
    readHandler(),
  ];
}
