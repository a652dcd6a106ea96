import { z } from 'zod';

import type { Call, ReplyOf } from '#shared/contracts/contract.ts';
import { openMirror, readMirrorPart } from '#shared/contracts/mirror.ts';
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
/** For a part of a mirror to arrive whole. */
const WHOLE_PART = 600_000;
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

/** Where a witness asks, and with what. */
export type Asking = { readonly hub: URL; readonly operation: string; readonly credential: string };
type Network = Pick<Machine, 'fetch'>;

export function hubClient(network: Network, given: Asking & { readonly record: WatchedRecord }): HubClient {
  const { read, cosign } = calls[given.record];
  return {
    checkpoint: (since) =>
      ask(network, given, { call: read, query: `?since=${since}`, init: { method: 'GET' } }),
    cosign: (checkpoint, line) =>
      ask(network, given, { call: cosign, query: '', init: posting({ checkpoint, line }) }),
  };
}

/** What a mirror asks of its operation. A part is given as it arrives, and throws when the hub breaks off. [RC-84] */
export type MirrorClient = Pick<HubClient, 'checkpoint'> & {
  open(commandId: string): Promise<HubReply<ReplyOf<typeof openMirror>>>;
  part(given: { opening: number; since: number }): Promise<HubReply<AsyncIterable<Uint8Array>>>;
};

export function mirrorClient(network: Network, given: Asking): MirrorClient {
  return {
    checkpoint: hubClient(network, { ...given, record: 'operation' }).checkpoint,
    open: (commandId) => ask(network, given, { call: openMirror, query: '', init: posting({ commandId }) }),
    async part({ opening, since }) {
      const query = `?opening=${opening}&since=${since}`;
      try {
        const init = { method: 'GET' };
        const response = await send(network, given, { call: readMirrorPart, query, init }, WHOLE_PART);
        if (!response.ok) return refusalIn(response, JSON.parse(await textOf(response)));
        return { ok: true, reply: (response.body ?? []) as AsyncIterable<Uint8Array> };
      } catch (error) {
        return unreachable(error);
      }
    },
  };
}

type Question<C extends Call> = { readonly call: C; readonly query: string; readonly init: RequestInit };

async function ask<C extends Call>(
  network: Network,
  given: Asking,
  question: Question<C>,
): Promise<HubReply<ReplyOf<C>>> {
  try {
    const response = await send(network, given, question, PATIENCE);
    const body: unknown = JSON.parse(await textOf(response));
    if (!response.ok) return refusalIn(response, body);
    return { ok: true, reply: question.call.reply.parse(body) as ReplyOf<C> };
  } catch (error) {
    return unreachable(error);
  }
}

function send(
  { fetch }: Network,
  { hub, operation, credential }: Asking,
  { call, query, init }: Question<Call>,
  patience: number,
): Promise<Response> {
  const url = new URL(`/api/v1${call.path.replace(':operationId', operation)}${query}`, hub);
  return fetch(url, {
    ...init,
    headers: { ...init.headers, accept: 'application/json', authorization: `Bearer ${credential}` },
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  });
}

function posting(body: object): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

type Failed = HubReply<never> & { readonly ok: false };

function refusalIn({ status }: Response, body: unknown): Failed {
  const { code, sentence, what } = refusal.parse(body).error;
  const why = status >= 500 || code === 'too.many' ? 'unreachable' : 'refused';
  return { ok: false, why, code, says: what === undefined ? sentence : `${sentence} (${what})` };
}

export function unreachable(error: unknown): Failed {
  const says = error instanceof Error ? `${error.message}${causeOf(error)}` : String(error);
  return { ok: false, why: 'unreachable', code: 'unreachable', says };
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
