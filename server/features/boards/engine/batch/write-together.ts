import type { Session } from '#server/platform/access.ts';
import type { Beside, Recorded } from '#server/platform/facts.ts';
import { anyLength, sql } from '#server/platform/storage/store.ts';

import type { EngineDeps } from '../types.ts';
import { indexRows, newestBelow } from './board-index.ts';
import type { Work, Written } from './commit-rows.ts';
import { unseen } from './unseen.ts';

/** A batch, and who wants to know where it will stand before it is sent. */
export type Sent = { readonly work: Work; readonly about: (recorded: readonly Recorded[]) => void };

type Deps = Pick<EngineDeps, 'store' | 'appendTogether' | 'heldSessions'>;

/**
 * Batches of any boards by one statement, when all they need is believed: of each, where it stands, or `null` when nothing
 * of its operation was written. docs/decisions/0008, 0014
 */
export async function writeTogether(deps: Deps, batches: readonly Sent[]): Promise<(Written | null)[]> {
  const works = batches.map(({ work }) => work);
  const together = deps.appendTogether.prepare(
    works.map(({ place, epoch, facts }) => ({ log: place.operation, epoch, facts })),
    (recorded) => besides(deps, works, recorded),
  );
  const { recorded } = together;
  for (const [at, { about }] of batches.entries()) about(recorded[at] ?? []);
  const befores = await deps.store.write((tx) => together.run(tx), 'one statement');
  return recorded.map((entries, at) => {
    const before = befores.get(at);
    return before === undefined ? null : { recorded: entries, before };
  });
}

/** The sessions are held, the document lacks nothing of theirs, and the index of the boards is written. */
function besides(
  { heldSessions }: Deps,
  works: readonly Work[],
  recorded: readonly (readonly Recorded[])[],
): Beside {
  const sessions = new Map<string, { session: Session; logs: Set<string> }>();
  for (const { place, sessions: of } of works) {
    for (const session of of) {
      const known = sessions.get(session.id) ?? { session, logs: new Set() };
      sessions.set(session.id, known);
      known.logs.add(place.operation);
    }
  }
  const held = [...sessions.values()];
  const needed = held.flatMap(({ logs }, at) => [...logs].map((log) => ({ log, place: at + 1 })));
  return {
    hold: heldSessions(held.map(({ session }) => session)),
    barred: sql`
      select needed.log_id
      from unnest(${anyLength(
        needed.map(({ log }) => log),
        'text',
      )}, ${anyLength(
        needed.map(({ place }) => place),
        'integer',
      )}) as needed (log_id, place)
      where not exists (select 1 from held where held.place = needed.place)
      union all ${unseen(works)}`,
    write: sql`insert into board_updates (board_id, seq, client_ids, size)
      select i.board_id, i.seq, i.client_ids, i.size from (${indexRows(works, recorded)}) as i join moved on moved.id = i.log_id`,
    ask: newestBelow(works.map(({ place }) => place)),
  };
}
