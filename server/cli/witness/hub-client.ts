import { z } from 'zod';

import type { Call, ReplyOf } from '#shared/contracts/contract.ts';
import {
  cosignAsWitness,
  cosignHubAsWitness,
  readForWitness,
  readHubForWitness,
} from '#shared/contracts/witnesses.ts';

import type { Machine } from './machine.ts';

export type HubReply<T> =
  | { readonly ok: true; readonly reply: T }
  /** `refused`: by a hub, in its words. `unreachable`: no hub answered, or not as a hub does. */
  | {
      readonly ok: false;
      readonly why: 'refused' | 'unreachable';
      readonly code: string;
      readonly says: string;
    };

/** The two calls of a witness, for its operation's record or for the hub's own. Outbound only; the credential goes into a header, and to no other address. [RC-57] */
export type HubClient = {
  checkpoint(since: number): Promise<HubReply<ReplyOf<typeof readForWitness>>>;
  cosign(checkpoint: string, line: string): Promise<HubReply<ReplyOf<typeof cosignAsWitness>>>;
};

const PATIENCE = 20_000;
/** Far more than any reply to a witness; more is not read. */
const LONGEST = 262_144;

const refusal = z.object({
  error: z.object({ code: z.string(), sentence: z.string(), what: z.string().optional() }),
});

/** Which of the two records a witness watches. */
export type WatchedRecord = 'operation' | 'hub';

const calls = {
  operation: { read: readForWitness, cosign: cosignAsWitness },
  hub: { read: readHubForWitness, cosign: cosignHubAsWitness },
} as const;

export function hubClient(
  { fetch }: Pick<Machine, 'fetch'>,
  given: { hub: URL; operation: string; credential: string; record: WatchedRecord },
): HubClient {
  const { hub, operation, credential, record } = given;
  return {
    checkpoint: (since) => ask(calls[record].read, { query: `?since=${since}`, init: { method: 'GET' } }),
    cosign: (checkpoint, line) =>
      ask(calls[record].cosign, {
        query: '',
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ checkpoint, line }),
        },
      }),
  };

  async function ask<C extends Call>(
    call: C,
    { query, init }: { query: string; init: RequestInit },
  ): Promise<HubReply<ReplyOf<C>>> {
    const url = new URL(`/api/v1${call.path.replace(':operationId', operation)}${query}`, hub);
    try {
      const response = await fetch(url, {
        ...init,
        headers: { ...init.headers, accept: 'application/json', authorization: `Bearer ${credential}` },
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      });
      const body: unknown = JSON.parse(await textOf(response));
      if (response.ok) return { ok: true, reply: call.reply.parse(body) as ReplyOf<C> };
      const { code, sentence, what } = refusal.parse(body).error;
      const why = response.status >= 500 || code === 'too.many' ? 'unreachable' : 'refused';
      return { ok: false, why, code, says: what === undefined ? sentence : `${sentence} (${what})` };
    } catch (error) {
      const says = error instanceof Error ? `${error.message}${causeOf(error)}` : String(error);
      return { ok: false, why: 'unreachable', code: 'unreachable', says };
    }
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST) throw new Error('the answer is longer than any of a hub');
  }
  return text + decoder.decode();
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `: ${cause.message}` : '';
}

/** An https address, or http on this machine only: the credential must not travel in the clear. */
export function hubAddress(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const fits = url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
  return fits && url.username === '' && url.password === '' ? url : null;
}
