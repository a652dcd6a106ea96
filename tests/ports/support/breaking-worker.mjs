import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { workerData } from 'node:worker_threads';

/*
 * The engine of the embedded store, on a line that breaks where a statement says so (`lineBreaks`): a file of its own
 * in plain JavaScript, because it is the first thing that runs on its thread.
 */
const { port } = workerData;
const hear = port.on.bind(port);
let breaks = false;
let panics = false;
port.on = (event, listener) =>
  hear(event, (message) => {
    const text = Buffer.from(message).toString('latin1');
    if (text.includes('/* the line breaks before */')) port.close();
    else {
      breaks ||= text.includes('/* the line breaks after */');
      panics = text.includes('/* the server breaks down */');
      listener(message);
    }
  });
const answer = port.postMessage.bind(port);
port.postMessage = (bytes) => {
  if (breaks) port.close();
  else answer(panics ? worse(bytes) : bytes);
};

function worse(bytes) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return new Uint8Array(Buffer.from(text.replaceAll('ERROR', 'PANIC'), 'latin1'));
}

await import(pathToFileURL(path.join(import.meta.dirname, '../../../dist/embedded-worker.js')).href);
