import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { postgresVersion } from '../systems/services.ts';
import type { Machine } from './results.ts';

export function describeMachine(benchFolder: string, fsync: string | null): Machine {
  const versionOf = (name: string, folder: string): string => {
    const text = fs.readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  };
  const root = path.join(benchFolder, '../..');
  const peers = path.join(benchFolder, 'peers');
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    versions: {
      Node: process.version,
      PostgreSQL:
        postgresVersion()
          .replace(/^postgres \(PostgreSQL\) /, '')
          .split(' ')[0] ?? '',
      PGlite: versionOf('@electric-sql/pglite', root),
      yjs: versionOf('yjs', root),
      ws: versionOf('ws', root),
      Hocuspocus: versionOf('@hocuspocus/server', peers),
      'y-websocket server': versionOf('y-websocket', peers),
    },
    fsync,
  };
}
