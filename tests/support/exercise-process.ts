import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type ExerciseProcess = {
  readonly url: string;
  readonly folder: string;
  readonly port: number;
  /** Everything it printed. */
  output(): string;
  /** SIGTERM, and the exit code it ended with. `keep`: its folder stays, to be started from again. */
  stop(how?: { keep: boolean }): Promise<number | null>;
};

/** Where to start one again, and with what. */
export type ExercisePlace = {
  readonly folder?: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
};

/** `npm run exercise` as people start it: the built hub in a process of its own, on folders of its own. */
export async function startExercise(place: ExercisePlace = {}): Promise<ExerciseProcess> {
  const folder = place.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'muster-exercise-'));
  const port = place.port ?? (await freePort());
  const child = spawn(process.execPath, [path.join(root, 'dist/exercise.js')], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'warn', ...place.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((ready, failed) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('EXERCISE ready')) ready();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => failed(new Error(`the exercise did not start:\n${output}`)));
  });
  return {
    url: `http://localhost:${port}`,
    folder,
    port,
    output: () => output,
    async stop({ keep } = { keep: false }) {
      child.kill('SIGTERM');
      const code = await ended;
      if (!keep) fs.rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
