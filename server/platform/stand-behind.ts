import fs from 'node:fs';
import os from 'node:os';

/** Of a core that both want, the hub's own loop gets nine parts of ten. */
const NICENESS = 10;
const SELF = '/proc/thread-self';

/**
 * Called by a thread whose work nobody waits for in the room: it stands behind the loop that serves the room. Linux keeps
 * a priority for every thread, setpriority(2); elsewhere nothing changes.
 */
export function standBehind(): void {
  if (process.platform !== 'linux' || !fs.existsSync(SELF)) return;
  const thread = Number(fs.readlinkSync(SELF).split('/').at(-1));
  os.setPriority(thread, NICENESS);
}
