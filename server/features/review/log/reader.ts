import type { RoomPass } from '#server/platform/access.ts';
import type { Reader } from '#server/record/cosignatures.ts';

/** Who cosigns tells who takes part: a partner is shown the log's signature alone. [RC-59] */
export function readerOf({ session }: RoomPass): Reader {
  return session.desk.kind === 'partner' ? { onlyOf: session.desk.id } : 'everybody';
}
