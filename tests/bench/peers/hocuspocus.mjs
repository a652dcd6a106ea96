// Hocuspocus as published. With STORE set it keeps each document in that folder, with no debounce: the whole state, written and
// synced in the hook (its SQLite extension needs a native build; this costs it less, and blocks it no longer than SQLite would).
import fs from 'node:fs';
import path from 'node:path';
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';

const folder = process.env.STORE;
const files = new Map();

/** Two slots in turn, so that one of them is whole at any moment. */
function store({ documentName, state }) {
  const held = files.get(documentName) ?? { slots: open(documentName), turn: 0 };
  files.set(documentName, held);
  const slot = held.slots[held.turn % 2];
  held.turn += 1;
  fs.writeSync(slot, state, 0, state.length, 0);
  fs.fdatasyncSync(slot);
}

function open(name) {
  const base = path.join(folder, Buffer.from(name).toString('hex'));
  return [fs.openSync(`${base}.0`, 'w'), fs.openSync(`${base}.1`, 'w')];
}

const server = new Server({
  port: Number(process.env.PORT),
  address: '127.0.0.1',
  quiet: true,
  ...(folder && {
    debounce: 0,
    extensions: [new Database({ fetch: async () => null, store: async (given) => store(given) })],
  }),
});
await server.listen();
process.stdout.write('ready\n');
