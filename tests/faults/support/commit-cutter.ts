import { cutAtOnce, type LineMeddle } from './tcp-proxy.ts';

/** A message of PostgreSQL's protocol 3.0 from client to server: a letter, a length, a body. */
type Message = { readonly letter: string; readonly body: Buffer };

/** How an act comes to stand: by COMMIT, or by a statement outside a transaction, which is its own. */
export type Commit = 'COMMIT' | 'one statement';

/**
 * `before`: what makes the act stand does not arrive; `after`: it has been carried out, and the answer does not arrive;
 * `late`: it arrives when the hub is on another line already.
 */
export type When = 'before' | 'after' | 'late';

/** Breaks a line to PostgreSQL around the moment at which an act comes to stand, where `due` says that this is the one. */
export function commitCutter(due: (commit: Commit) => When | null): LineMeddle {
  const commitIn = commitWatcher();
  let answerIsDue = false;
  return {
    up(bytes) {
      const commit = commitIn(bytes);
      const when = commit === null ? null : due(commit);
      answerIsDue ||= when === 'after';
      if (when === 'late') return { bytes, breaks: 'late' };
      return when === 'before' ? cutAtOnce : { bytes };
    },
    // The first word of the server after the commit: it has been carried out, or refused.
    down: (bytes) => (answerIsDue ? cutAtOnce : { bytes }),
  };
}

/** How a transaction that wrote an entry comes to its end with these bytes, if one does. */
function commitWatcher(): (bytes: Buffer) => Commit | null {
  const messages = messageReader();
  const writers = new Set<string>();
  let inTransaction = false;
  let wrote = false;
  return (bytes) => {
    let commit: Commit | null = null;
    for (const { letter, body } of messages(bytes)) {
      const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
      if (letter === 'P') {
        if (second.includes('insert into entries')) writers.add(first);
        else writers.delete(first);
      }
      if (letter === 'B') wrote ||= writers.has(second);
      if (letter === 'Q' && first.startsWith('start transaction')) inTransaction = true;
      if (letter === 'Q' && /^(commit|rollback)/.test(first)) {
        if (wrote && first === 'commit') commit = 'COMMIT';
        inTransaction = false;
        wrote = false;
      }
      if (letter === 'S' && !inTransaction) {
        if (wrote) commit = 'one statement';
        wrote = false;
      }
    }
    return commit;
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
