import type { Log } from '#server/platform/telemetry/log.ts';
import type { RefusalOnWire } from '#shared/contracts/rooms.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { Refusal } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';
import { refusals } from '#shared/kernel/refusals.ts';

/** What a caller is told of a failure, with its HTTP status. A bug is logged under an id and shown as that id only. */
export function tell(
  error: unknown,
  log: Log,
  random: Random,
): { status: number; close: number; refusal: RefusalOnWire } {
  if (error instanceof Refusal) {
    const { status, close, sentence } = refusals[error.code];
    if (error.cause !== undefined)
      log.warn({ refusal: error.code, cause: String(error.cause) }, 'refused for a reason of the hub');
    else log.debug({ refusal: error.code, ...error.details }, 'refused');
    return { status, close, refusal: { code: error.code, sentence, ...error.details } };
  }
  const id = hex(random.bytes(6));
  log.error({ err: error, id }, 'internal');
  const { status, close, sentence } = refusals.internal;
  return { status, close, refusal: { code: 'internal', sentence, id } };
}
