import http from 'node:http';

import { base64 } from '#shared/kernel/encoding.ts';
import { signCheckpoint } from '#shared/record/checkpoint.ts';
import { formatVkey, noteKey, type Signer, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { type HashReader, proveConsistency } from '#shared/record/proof.ts';
import { Frontier } from '#shared/record/tree.ts';
import { numberedLeaves, treeHash } from '#tests/shared/record/samples.ts';

export const OPERATION = '0123456789abcdef0123456789abcdef';
export const ORIGIN = `hub.example/op/${OPERATION}`;
export const HUB_ORIGIN = 'hub.example/hub';
export const CREDENTIAL = 'c'.repeat(43);

/** A tree that differs from every other one of another `flavour` at leaf 3. */
export function leavesOf(flavour: number): Uint8Array[] {
  return numberedLeaves(64).map((leaf, at) => (at === 3 ? new Uint8Array(32).fill(flavour) : leaf));
}

export type Posted = { readonly checkpoint: string; readonly line: string };

type Show = {
  leaves: readonly Uint8Array[];
  size: number;
  signer?: Signer;
  origin?: string;
  note?: string | null;
};

/** What a hub may say to a witness, without a record behind it: tests set what it shows next. */
export type LyingHub = {
  readonly url: string;
  readonly vkey: string;
  readonly posted: Posted[];
  readonly seen: http.IncomingMessage[];
  show: Show;
  /** The same of the hub's own record: at first nothing signed. */
  showOfHub: Show;
  /** The key under which it shows that, and what was posted. */
  readonly hubVkey: string;
  readonly postedOfHub: Posted[];
  /** The status of every answer; 200 unless said. */
  refuse: { status: number; code: string } | null;
  /** Called when a request has arrived, before it is answered. */
  onRequest: (method: string) => void | Promise<void>;
  close(): Promise<void>;
};

export async function startLyingHub(): Promise<LyingHub> {
  const log = signerFromSeed(ORIGIN, new Uint8Array(32).fill(1));
  const hubLog = signerFromSeed(HUB_ORIGIN, new Uint8Array(32).fill(2));
  const server = http.createServer((request, response) => {
    answer(hub, { operation: log, hub: hubLog }, request)
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const hub: LyingHub = {
    url: `http://127.0.0.1:${port}`,
    vkey: formatVkey(noteKey(log, signatureTypes.log)),
    posted: [],
    seen: [],
    show: { leaves: leavesOf(0), size: 10 },
    showOfHub: { leaves: leavesOf(0), size: 0, note: null },
    hubVkey: formatVkey(noteKey(hubLog, signatureTypes.log)),
    postedOfHub: [],
    refuse: null,
    onRequest: () => undefined,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return hub;
}

type Logs = { readonly operation: Signer; readonly hub: Signer };

async function answer(hub: LyingHub, logs: Logs, request: http.IncomingMessage) {
  hub.seen.push(request);
  const ofHub = request.url?.includes('/hub/') === true;
  const [log, name] = ofHub ? [logs.hub, HUB_ORIGIN] : [logs.operation, ORIGIN];
  let text = '';
  for await (const chunk of request) text += String(chunk);
  await hub.onRequest(request.method ?? '');
  if (hub.refuse !== null)
    return { status: hub.refuse.status, body: { error: { code: hub.refuse.code, sentence: 'Refused.' } } };
  if (request.method === 'POST') {
    const posted = JSON.parse(text) as Posted;
    (ofHub ? hub.postedOfHub : hub.posted).push(posted);
    return { status: 200, body: { size: Number(posted.checkpoint.split('\n')[1]) } };
  }
  const since = Number(new URL(request.url ?? '', hub.url).searchParams.get('since'));
  const { leaves, size, signer = log, origin = name, note } = ofHub ? hub.showOfHub : hub.show;
  const tree = new Frontier();
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  const proof = since <= size ? await proveConsistency(readerOf(leaves), since, size) : [];
  return {
    status: 200,
    body: {
      origin,
      note: note === undefined ? signCheckpoint(signer, { origin, size, root: tree.root() }) : note,
      vkey: formatVkey(noteKey(signer, signatureTypes.log)),
      consistency: proof.map(base64),
    },
  };
}

function readerOf(leaves: readonly Uint8Array[]): HashReader {
  return {
    read: async (subtrees) =>
      subtrees.map(({ level, index }) =>
        treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
  };
}
