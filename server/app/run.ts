import type { Log } from '#server/platform/telemetry/log.ts';
import { openLog } from '#server/platform/telemetry/log.ts';

import { compose, type Hub } from './compose.ts';
import { type Config, ConfigProblem, readConfig } from './config.ts';
import { bundleFolder, type Ground, openBusFor, openStoreFor, versionOf } from './ground.ts';
import { steadyClock, systemClock, systemRandom } from './system.ts';

/** How long what is under way may take to finish when the process is asked to stop. */
const DRAIN = 15_000;

export type Running = { readonly hub: Hub; readonly config: Config; readonly url: string; readonly log: Log };

/**
 * Reads the settings, composes the hub, listens, and drains on SIGINT and SIGTERM. Ends the process with a clear
 * sentence when it cannot. `stand` changes what the hub stands on; in life it is left out.
 */
export async function run(
  mode: Config['mode'],
  once: (running: Running) => Promise<void>,
  stand: (ground: Ground) => Ground = (ground) => ground,
): Promise<void> {
  try {
    const config = readConfig(process.env, mode);
    const log = openLog(config.LOG_LEVEL);
    const running = await start(config, log, stand);
    stopOnSignals(running);
    await once(running);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigProblem ? error.message : sentenceOf(error)}\n`);
    process.exit(1);
  }
}

async function start(config: Config, log: Log, stand: (ground: Ground) => Ground): Promise<Running> {
  const distFolder = bundleFolder();
  const store = await openStoreFor(config, distFolder, log);
  const bus = await openBusFor(config, log);
  const ground = stand({
    store,
    bus,
    clock: systemClock,
    random: systemRandom,
    log,
    version: versionOf(distFolder),
    distFolder,
    limitScale: 1,
  });
  const hub = await compose(config, { ...ground, steady: steadyClock(ground.clock) }).catch(
    async (error: unknown) => {
      await Promise.allSettled([bus.close(), store.close()]);
      throw error;
    },
  );
  await new Promise<void>((listening, failed) => {
    hub.server.once('error', failed);
    hub.server.listen(config.PORT, config.HOST, listening);
  });
  const address = hub.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.PORT;
  return { hub, config, url: config.PUBLIC_URL ?? `http://localhost:${port}`, log };
}

function stopOnSignals({ hub, log }: Running): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    const late = setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, DRAIN);
    hub.stop().then(
      () => {
        clearTimeout(late);
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error nobody caught');
    stop('uncaughtException');
  });
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a rejection nobody caught'));
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'EADDRINUSE')
    return 'Muster cannot start: the port is in use. Stop the other process, or set PORT.';
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return `Muster cannot start: DATA_DIR or SIGNER_DIR is a file where a folder is needed (${error.message}).`;
  return `Muster cannot start: ${error.message}`;
}
