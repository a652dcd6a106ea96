import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { mustHave } from '#tests/support/services.ts';

/** What the independent verifier says: one line of JSON, and how it ended. */
export type Verdict = {
  readonly ok: boolean;
  readonly error?: string;
  readonly origin?: string;
  readonly size: number;
  readonly root?: string;
  readonly signers?: readonly string[];
  readonly index?: number;
  readonly entries?: number;
};

export type Verifier = {
  /** Options by name; a list repeats one. `files` are written down and passed by path. */
  run(
    command: string,
    options: Readonly<Record<string, string | readonly string[]>>,
    files?: Readonly<Record<string, string | Uint8Array>>,
    cookie?: string | null,
  ): Promise<Verdict>;
  readonly folder: string;
  remove(): void;
};

/** Builds the program of tests/independent/verifier with Debian's own packages, without any network. */
export function buildVerifier(): Verifier {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-verifier-'));
  const program = path.join(folder, 'verifier');
  execFileSync(mustHave('go'), ['build', '-o', program, '.'], {
    cwd: path.join(import.meta.dirname, 'verifier'),
    env: {
      ...process.env,
      GO111MODULE: 'off',
      GOFLAGS: '-mod=mod',
      GOPATH: '/usr/share/gocode',
      GOCACHE: path.join(os.tmpdir(), 'muster-go-cache'),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let written = 0;
  return {
    folder,
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
    async run(command, options, files = {}, cookie = null) {
      const given = Object.entries(options).flatMap(([name, value]) =>
        [value].flat().flatMap((one) => [`-${name}`, one]),
      );
      for (const [name, content] of Object.entries(files)) {
        written += 1;
        const file = path.join(folder, `${written}-${name}`);
        fs.writeFileSync(file, content);
        given.push(`-${name}`, file);
      }
      return runProgram(program, [command, ...given], cookie);
    },
  };
}

function runProgram(program: string, parameters: readonly string[], cookie: string | null): Promise<Verdict> {
  const child = spawn(program, parameters, {
    env: cookie === null ? {} : { MUSTER_COOKIE: cookie },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
  });
  return new Promise((answered, failed) => {
    child.once('error', failed);
    child.once('close', (code) => {
      const verdict = JSON.parse(text || 'null') as Verdict | null;
      if (verdict === null || verdict.ok !== (code === 0)) failed(new Error(`ended with ${code}: ${text}`));
      else answered(verdict);
    });
  });
}
