import { z } from 'zod';

import { newCommandId } from '#shared/contracts/common.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { clock, randomBytes } from './clock.ts';
import { brokenOff, type Failure, offline, refusedBy, unreadable } from './failure.ts';
import { tellReceipts } from './receipts.ts';

const BASE = '/api/v1';

/** What a caller gives: the call's input, where the command id may be left to `api`. */
export type Given<B extends z.ZodType> = Omit<z.input<B>, 'commandId'> & { readonly commandId?: string };

type Options = { readonly signal?: AbortSignal | undefined };

const refusalBody = z.object({
  code: z.string(),
  sentence: z.string().optional(),
  where: z.string().optional(),
  what: z.string().optional(),
  retryAfter: z.number().optional(),
  id: z.string().optional(),
});

/**
 * Makes one call. Path parameters, query and body are told apart by the contract. A writing call keeps its command id
 * while it is repeated, so an act that arrived unnoticed is not done twice. Rejects with `Failure` only.
 */
export async function api<B extends z.ZodType, R extends z.ZodType>(
  call: Call<B, R>,
  given: Given<B>,
  options: Options = {},
): Promise<z.output<R>> {
  const response = await send(call, given, options);
  const json = await jsonOf(response);
  tellReceipts(Reflect.get(Object(json), 'receipts'));
  const reply = call.reply.safeParse(json);
  if (!reply.success) throw unreadable();
  return reply.data;
}

type DownloadOptions = Options & {
  /** After each part: bytes so far, and about how many there will be, when the hub can tell. */
  readonly onProgress?: (got: number, expected: number | null) => void;
};

/** The reply of a download, as bytes with the name the hub gave them. */
export async function download<B extends z.ZodType, R extends z.ZodType>(
  call: Call<B, R>,
  given: Given<B>,
  { onProgress, ...options }: DownloadOptions = {},
): Promise<{ readonly blob: Blob; readonly name: string | null }> {
  const response = await send(call, given, options);
  const disposition = response.headers.get('content-disposition') ?? '';
  const name = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? null;
  const expected = Number(response.headers.get('muster-expected-bytes')) || null;
  try {
    return { blob: await receive(response, (got) => onProgress?.(got, expected)), name };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw brokenOff();
  }
}

async function receive(response: Response, onProgress: (got: number) => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let got = 0; reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    got += value.length;
    onProgress(got);
  }
  return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
}

async function send(call: Call, given: object, options: Options): Promise<Response> {
  const input = withCommandId(call, given);
  const { path, rest } = fillPath(call.path, input);
  const request: RequestInit = {
    method: call.method,
    credentials: 'same-origin',
    headers: { accept: 'application/json' },
    ...(options.signal ? { signal: options.signal } : {}),
  };
  if (call.method === 'POST') {
    request.headers = { 'content-type': 'application/json' };
    request.body = JSON.stringify(Object.fromEntries(rest));
  }
  const query = call.method === 'GET' ? queryOf(rest) : '';
  const response = await reach(`${BASE}${path}${query}`, request);
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/** Two more tries when the hub cannot be reached at all; a refusal is never repeated. */
async function reach(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url, request);
    } catch (error) {
      if (request.signal?.aborted) throw error;
      if (tries === 2) throw offline();
      await new Promise<void>((resume) => clock.after(400 * 2 ** tries, resume));
    }
  }
}

function withCommandId(call: Call, given: object): Record<string, unknown> {
  const input: Record<string, unknown> = { ...given };
  const wanted = call.body instanceof z.ZodObject && 'commandId' in call.body.shape;
  if (wanted && input.commandId === undefined) input.commandId = newCommandId(() => randomBytes(16));
  return input;
}

function fillPath(
  pattern: string,
  input: Record<string, unknown>,
): { path: string; rest: [string, unknown][] } {
  const inPath = new Set<string>();
  const path = pattern.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    inPath.add(name);
    return encodeURIComponent(String(input[name] ?? ''));
  });
  return { path, rest: Object.entries(input).filter(([name]) => !inPath.has(name)) };
}

function queryOf(members: readonly [string, unknown][]): string {
  const query = new URLSearchParams();
  for (const [name, value] of members) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw unreadable();
  }
}

async function refusalOf(response: Response): Promise<Failure> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // A proxy in front of the hub answered, not the hub.
    return response.status >= 500 ? offline() : unreadable();
  }
  const told = z.object({ error: refusalBody }).safeParse(body);
  return told.success ? refusedBy(told.data.error) : unreadable();
}
