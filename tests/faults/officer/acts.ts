import { handlingOf } from '#server/cli/exercise/imports.ts';
import { hex } from '#shared/kernel/encoding.ts';

import type { Act, Ledger } from '../history/ledger.ts';
import { type Chance, pause } from '../support/chance.ts';

export type Desk = {
  readonly handle: string;
  readonly cookie: string;
  /** The hub this officer comes to. */
  readonly url: string;
  readonly operation: string;
  readonly compartment: string;
};

/** Posts one message or indicator, again and again under the same command id, until the hub has answered. [AC-5] */
export async function perform(
  desk: Desk,
  ledger: Ledger,
  { kind, chance, over }: { kind: Act['kind']; chance: Chance; over: () => boolean },
): Promise<Act> {
  const commandId = hex(chance.bytes(16));
  const token = `${kind === 'message' ? 'word' : 'host'}-${commandId.slice(0, 12)}`;
  const act: Act = { officer: desk.handle, kind, commandId, token, tries: 0, reply: null, refused: null };
  ledger.acts.push(act);
  while (act.reply === null && act.refused === null && !over()) {
    act.tries += 1;
    if (!(await tryOnce(desk, act))) await pause(chance.int(20, 120));
  }
  return act;
}

async function tryOnce(desk: Desk, act: Act): Promise<boolean> {
  const path = act.kind === 'message' ? 'messages' : 'indicators';
  const said =
    act.kind === 'message'
      ? { text: `Seen: ${act.token}` }
      : { type: null, raw: `${act.token}.example.org`, note: '' };
  try {
    const response = await fetch(`${desk.url}/api/v1/operations/${desk.operation}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: desk.url, cookie: desk.cookie },
      body: JSON.stringify({
        commandId: act.commandId,
        compartment: desk.compartment,
        handling: handlingOf('AMBER'),
        ...said,
      }),
      signal: AbortSignal.timeout(20_000),
    });
    const reply: unknown = await response.json();
    if (response.status >= 500 || response.status === 429) return false;
    if (response.ok) act.reply = readReply(reply);
    else act.refused = JSON.stringify(reply);
    return true;
  } catch (error) {
    // No answer, or half of one: whether the act stands is not known, so it is asked for again.
    if (error instanceof Error) return false;
    throw error;
  }
}

function readReply(reply: unknown): Act['reply'] {
  const { id, recorded } = reply as { id?: string; recorded?: { seq: number; leafHash: string } };
  if (id === undefined || recorded === undefined)
    throw new Error(`a reply without its place: ${JSON.stringify(reply)}`);
  return { id, ...recorded };
}
