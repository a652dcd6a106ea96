import { spawn } from 'node:child_process';
import path from 'node:path';

import { freePort } from '#tests/support/free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type HubProcess = {
  readonly url: string;
  /** Everything it printed: what is meant for the terminal, and the log. */
  output(): string;
  /** The log lines alone. */
  log(): string;
  /** The token of the first administrator's link, if one was printed. */
  linkToken(): string | null;
  /** SIGTERM, and the exit code it ended with. */
  stop(): Promise<number | null>;
};

/** `npm start` without its build, as people start it: on these folders, and saying everything it can. */
export async function startProcess(
  folder: string,
  given: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(root, 'dist/main.js')], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'debug', ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((ready, failed) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('Muster is at ')) ready();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => failed(new Error(`the hub did not start:\n${output}`)));
  });
  const url = `http://localhost:${port}`;
  // What was printed in the same breath has arrived once it answers.
  await fetch(`${url}/healthz`);
  return {
    url,
    output: () => output,
    log: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .join('\n'),
    linkToken: () => /\/enrol#([A-Za-z0-9_-]{43})/.exec(output)?.[1] ?? null,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
