// Loaded into every server whose memory is asked for. On SIGUSR2 each of its threads collects all its garbage and writes what V8 holds empty.
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import { isMainThread, threadId } from 'node:worker_threads';

const into = new URL(import.meta.url).searchParams.get('into');
const word = new BroadcastChannel('bench.collect');
word.onmessage = collect;
word.unref();

if (isMainThread) {
  process.on('SIGUSR2', () => {
    word.postMessage(null);
    collect();
  });
}

/** Twice: finalisers run in between and set more free. */
function collect() {
  globalThis.gc();
  setImmediate(() => {
    globalThis.gc();
    const { total_physical_size: held, used_heap_size: used } = v8.getHeapStatistics();
    fs.writeFileSync(path.join(into, `${process.pid}.${threadId}`), String(held - used));
  });
}
