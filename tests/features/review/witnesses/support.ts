import { randomBytes } from 'node:crypto';

import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { listWitnesses, readForWitness, registerWitness } from '#shared/contracts/witnesses.ts';
import type { CosignerKind } from '#shared/policy/cosigners.ts';
import { checkpointText, parseCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { formatVkey, noteKey, type Signer, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { parseNote } from '#shared/record/note.ts';
import { cosignerName } from '#shared/record/witness/names.ts';
import type { Operation } from '#tests/support/hub.ts';
import { type Answered, TestOfficer } from '#tests/support/officer.ts';

export function freshKey(kind: CosignerKind, desk: string): Signer {
  return signerFromSeed(cosignerName(kind, desk), randomBytes(32));
}

export function vkeyOf(signer: Signer): string {
  return formatVkey(noteKey(signer, signatureTypes.cosigner));
}

/** The calls about witnesses, as one officer makes them. */
export function witnessesBy(officer: TestOfficer, { id }: Pick<Operation, 'id'>) {
  const at = `/operations/${id}`;
  return {
    list: () => officer.must<ReplyOf<typeof listWitnesses>>('GET', `${at}/witnesses`),
    register: (vkey: string) => officer.post(`${at}/witnesses`, { vkey }),
    retire: (witnessId: string, reason = 'New machine.') =>
      officer.post(`${at}/witnesses/${witnessId}/retire`, { reason }),
    setQuorum: (witnessIds: readonly string[], need: number) =>
      officer.post(`${at}/quorum`, { witnessIds, need }),
    confirm: (requestId: string) => officer.post(`${at}/witness-request/confirm`, { requestId }),
    withdraw: (requestId: string, reason = 'Not now.') =>
      officer.post(`${at}/witness-request/withdraw`, { requestId, reason }),
    cosign: (checkpoint: string, line: string) => officer.post(`${at}/cosignatures`, { checkpoint, line }),
  };
}

type Watching = {
  checkpoint(since?: number): Promise<ReplyOf<typeof readForWitness>>;
  /** Cosigns the note that it is shown, or another text. */
  cosign(note: string, change?: { at?: number; text?: string; signer?: Signer }): Promise<Answered>;
};

export type DeskWitness = Watching & {
  readonly signer: Signer;
  readonly id: string;
  readonly credential: string;
  /** The same of the hub's own record. */
  readonly hub: Watching;
};

/** A witness of this officer's desk, registered, with its credential. */
export async function registered(
  officer: TestOfficer,
  desk: string,
  operation: Operation,
): Promise<DeskWitness> {
  const signer = freshKey('witness', desk);
  const { body, status } = await witnessesBy(officer, operation).register(vkeyOf(signer));
  if (status !== 200) throw new Error(JSON.stringify(body));
  const { id, credential } = body as ReplyOf<typeof registerWitness>;
  if (credential === null) throw new Error('no credential');
  const ask = askAs(officer.url, operation, credential);
  return { signer, id, credential, ...watching(ask, signer, ''), hub: watching(ask, signer, '/hub') };
}

function watching(ask: ReturnType<typeof askAs>, signer: Signer, record: '' | '/hub'): Watching {
  return {
    async checkpoint(since = 0) {
      const answered = await ask('GET', `${record}/checkpoint?since=${since}`);
      if (answered.status !== 200) throw new Error(JSON.stringify(answered.body));
      return answered.body as ReplyOf<typeof readForWitness>;
    },
    cosign(note, { at = Math.floor(Date.now() / 1000), text, signer: other = signer } = {}) {
      const checkpoint = text ?? textOf(note);
      return ask('POST', `${record}/cosignatures`, { checkpoint, line: cosign(other, checkpoint, at) });
    },
  };
}

/** A program without cookie or Origin, with that credential. */
export function askAs(url: string, { id }: Pick<Operation, 'id'>, credential: string | null) {
  return async (method: 'GET' | 'POST', path: string, body?: object): Promise<Answered> => {
    const program = new TestOfficer(url);
    const response = await fetch(`${program.url}/api/v1/witness/${id}${path}`, {
      method,
      headers: {
        ...(credential !== null && { authorization: `Bearer ${credential}` }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const answer: unknown = isJson ? await response.json() : await response.text();
    return { status: response.status, body: answer, headers: response.headers };
  };
}

export type Part = Answered;

/** The calls of a mirror, as the program of a desk makes them. */
export function mirroring(url: string, operation: Pick<Operation, 'id'>, credential: string) {
  const ask = askAs(url, operation, credential);
  const askToOpen = (commandId = randomBytes(16).toString('hex')) => ask('POST', '/mirror', { commandId });
  const place = (opening: number, since: number) => `/mirror/part?opening=${opening}&since=${since}`;
  return {
    askToOpen,
    async open(commandId?: string): Promise<number> {
      const { status, body } = await askToOpen(commandId);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body as { opening: number }).opening;
    },
    part: (opening: number, since: number): Promise<Part> => ask('GET', place(opening, since)),
    stream: (opening: number, since: number) =>
      fetch(`${url}/api/v1/witness/${operation.id}${place(opening, since)}`, {
        headers: { authorization: `Bearer ${credential}` },
      }),
  };
}

export function textOf(note: string): string {
  const parsed = parseNote(note);
  if (parsed === null) throw new Error('not a note');
  return parsed.text;
}

export function sizeOf(note: string | null): number {
  return parseCheckpoint(textOf(note ?? ''))?.size ?? Number.NaN;
}

export function otherTree(note: string): string {
  const checkpoint = parseCheckpoint(textOf(note));
  if (checkpoint === null) throw new Error('not a checkpoint');
  return checkpointText({ ...checkpoint, root: new Uint8Array(32).fill(1) });
}

/** Names of those whose lines stand under a note, in that order. */
export function signersOf(note: string | null): string[] {
  return (parseNote(note ?? '')?.signatures ?? []).map(({ name }) => name);
}
