import { type HubOptions, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

let store: 'embedded' | 'postgres' = 'embedded';
const drops: (() => Promise<void>)[] = [];

/** From here on, in this file. */
export function useStore(kind: typeof store): void {
  store = kind;
}

/** A hub on a database of its own, of the kind in use. */
export async function startBoardHub(options: HubOptions = {}): Promise<TestHub> {
  if (store === 'embedded' || options.sharedStore !== undefined || options.databaseUrl !== undefined)
    return startHub(options);
  const { url, drop } = await freshDatabase();
  drops.push(drop);
  return startHub({ ...options, databaseUrl: url });
}

export async function stopBoardHubs(): Promise<void> {
  await stopHubs();
  for (const drop of drops.splice(0)) await drop();
}
