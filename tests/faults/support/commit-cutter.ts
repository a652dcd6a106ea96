import type { Meddle } from './tcp-proxy.ts';

/** A message of PostgreSQL's protocol 3.0 from client to server: a letter, a length, a body. */
type Message = { readonly letter: string; readonly body: Buffer };

/**
 * Cuts lines to PostgreSQL where an act is about to stand: at COMMIT, or at the Sync of a statement that is its own
 * transaction. `after`: it arrives, its answer does not; `before`: it does not arrive. `due` says, at each act, whether
 * this is the one. One of these for each line.
 */
export function commitCutter(due: () => 'after' | 'before' | null): Meddle {
  const act = actWatcher();
  return (bytes) => {
    const stands = act(bytes);
    const when = stands ? due() : null;
    if (when === null) return { bytes };
    return when === 'after' ? { bytes, cut: true } : { bytes: Buffer.alloc(0), cut: true };
  };
}

/** True when with these bytes a transaction that wrote an entry comes to its end. */
function actWatcher(): (bytes: Buffer) => boolean {
  const messages = messageReader();
  const writers = new Set<string>();
  let inTransaction = false;
  let wrote = false;
  return (bytes) => {
    let stands = false;
    for (const { letter, body } of messages(bytes)) {
      const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
      if (letter === 'P') {
        if (second.includes('insert into entries')) writers.add(first);
        else writers.delete(first);
      }
      if (letter === 'B') wrote ||= writers.has(second);
      if (letter === 'Q' && first.startsWith('start transaction')) inTransaction = true;
      if (letter === 'Q' && /^(commit|rollback)/.test(first)) {
        stands ||= wrote && first === 'commit';
        inTransaction = false;
        wrote = false;
      }
      if (letter === 'S' && !inTransaction) {
        stands ||= wrote;
        wrote = false;
      }
    }
    return stands;
  };
}

/** Whole messages only; what has not all arrived waits. The first one of a line has no letter. */
function messageReader(): (bytes: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const found: Message[] = [];
    for (;;) {
      const head = started ? 1 : 0;
      if (rest.length < head + 4) return found;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return found;
      if (started) found.push({ letter: rest.toString('latin1', 0, 1), body: rest.subarray(5, end) });
      started = true;
      rest = rest.subarray(end);
    }
  };
}
