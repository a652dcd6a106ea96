import type { RoomPass } from '#server/platform/access.ts';
import { download, type Handler, work } from '#server/platform/http/commands.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import { type Debrief, downloadReport, readReport } from '#shared/contracts/review-report.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';

import { findingsOf } from '../findings/read.ts';
import { mustHaveOpened } from '../reading.ts';
import { frameAt } from '../replay/room-at.ts';
import { densityOf, tallyOf } from '../timeline/tally.ts';
import type { Follower } from '../words/follower.ts';
import { progressOf } from '../words/store.ts';
import { countAll, figuresOf } from './figures.ts';
import { keyMoments } from './moments.ts';
import { writeFigures, writePage } from './page.ts';

export type ReportDeps = { readonly store: Store; readonly follower: Follower };

/** [RV-18] [RV-19] */
export function reportHandlers(deps: ReportDeps): Handler[] {
  const { store } = deps;
  return [
    work({
      call: readReport,
      async work({ pass, now }, { reading }) {
        await store.read((tx) => mustHaveOpened(tx, { pass, now }, { reading, what: ['report'] }));
        return debriefOf(deps, pass);
      },
    }),
    download({
      call: downloadReport,
      async act(_tx, { pass }, { format, purpose }) {
        const object = { kind: 'operation', id: pass.operation };
        const body = { purpose, format: `debrief/${format}` };
        let made: Promise<Debrief> | null = null;
        const make = () => {
          made ??= debriefOf(deps, pass);
          return made;
        };
        return {
          facts: [{ kind: 'record.exported', object, compartment: pass.main, body }],
          reply: {
            mediaType: format === 'html' ? 'text/html; charset=utf-8' : 'text/csv; charset=utf-8',
            fileName: `debrief.${format}`,
            ready: make,
            async *chunks() {
              const debrief = await make();
              yield format === 'html' ? writePage(debrief) : writeFigures(debrief);
            },
          },
        };
      },
    }),
  ];
}

async function debriefOf({ store, follower }: ReportDeps, pass: RoomPass): Promise<Debrief> {
  await follower.caughtUp(pass.operation);
  const told = await store.read(async (tx) => {
    const { upTo: asOf } = await progressOf(tx, pass.operation);
    const { operation } = await frameAt(tx, pass, asOf - 1);
    const ends = await oneRow<{ first: number; last: number }>(
      tx,
      sql`select min(at_ms) as first, max(at_ms) as last from entries
          where log_id = ${pass.operation} and seq in (0, ${asOf - 1}::bigint)`,
    );
    invariant(ends !== null, 'a record without entries');
    const findings = await findingsOf(tx, pass);
    const counted = await countAll(tx, pass, asOf);
    const tally = await tallyOf(tx, pass, {}, { first: 0, end: asOf });
    const moments = await keyMoments(tx, pass, asOf);
    return { asOf, operation, ends, findings, counted, tally, moments };
  });
  // The entry that says what the operation is stands in main: who does not receive main has no debrief to read.
  if (told.operation === null) throw refuse('not.found');
  const { countries, marking } = await figuresOf(store, pass, { end: told.asOf, ...told.counted });
  return {
    asOf: told.asOf,
    operation: told.operation,
    marking,
    from: isoTime(told.ends.first),
    until: isoTime(told.ends.last),
    countries,
    density: densityOf(told.tally),
    moments: told.moments,
    findings: told.findings,
  };
}
