// The server that y-websocket 2.1 bundles, as published; this file only says when it listens.

import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const require = createRequire(import.meta.url);
require(path.join(path.dirname(require.resolve('y-websocket/package.json')), 'bin/server.cjs'));

function attempt() {
  const probe = net.connect(Number(process.env.PORT), '127.0.0.1');
  probe.once('error', () => setTimeout(attempt, 20));
  probe.once('connect', () => {
    probe.destroy();
    process.stdout.write('ready\n');
  });
}
attempt();
