import path from 'node:path';

import { systemClock } from '#server/app/system.ts';
import { followRecords } from '#server/features/review/words/follower.ts';
import { readBoardsOnWorker } from '#server/features/review/words/on-worker.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import { asId } from '#shared/kernel/ids.ts';

/** A follower in a process of its own, to be killed: nothing else of the hub runs in it. */
const [url = '', log = ''] = process.argv.slice(2);
const store = await openPostgres({ url, poolSize: 4, onLost: () => process.exit(1) });
const boards = readBoardsOnWorker(path.join(import.meta.dirname, 'review-worker.js'), systemClock);
const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
const follower = followRecords({ store, clock: systemClock, boards, onError });
await follower.caughtUp(asId(log));
// Stays until it is killed, as a hub does.
setInterval(() => undefined, 60_000);
