import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { base64, concatBytes, fromUtf8, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import {
  asId,
  type CommandId,
  type CompartmentId,
  type OfficerId,
  type OperationId,
  type Seq,
} from '#shared/kernel/ids.ts';
import type { LedVerb } from '#shared/policy/verbs.ts';
import { type EntryFault, type EntryFields, entryFault } from './entry-fields.ts';
import { type Sha256, sha256 } from './hash.ts';

export const ENTRY_LIMIT = 8192;
export const SALT_LENGTH = 32;

/** Who acted. A person by random id, the desk's country (or organisation, three letters) and a tag of the session. */
export type Author =
  | {
      readonly kind: 'officer' | 'partner' | 'auditor' | 'admin';
      readonly officer: OfficerId;
      readonly country: string | null;
      /** `sessionTag()` of the session; null for an act outside any session. */
      readonly session: string | null;
    }
  | { readonly kind: 'hub' | 'anonymous' };

/** An entry as the act states it, before the record gives it a place. Holds no content and no secret. */
export type EntryDraft = {
  /** Origin of the record it goes to. */
  readonly log: string;
  readonly at: Millis;
  /** The fact, `message.posted`. */
  readonly kind: string;
  readonly verb: LedVerb;
  readonly by: Author;
  readonly operation: OperationId | null;
  readonly object: { readonly kind: string; readonly id: string } | null;
  readonly outcome: 'ok' | 'refused';
  readonly compartment: CompartmentId | null;
  readonly command: CommandId | null;
  /** Signature of a person's own device or authenticator, base64. */
  readonly signature?: string;
};

/** Binds content that lies beside the entry: `pc` = base64 of SHA-256(salt || payload), `pl` = payload bytes. */
export type Commitment = { readonly pc: string; readonly pl: number };
export type Entry = EntryDraft & { readonly seq: Seq; readonly commitment: Commitment };
export type EntryOutcome =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly reason: EntryFault };

/** Without the salt nobody can guess a short payload; without salt or payload the commitment opens no more. [RC-4] */
export function commitPayload(salt: Uint8Array, payload: Uint8Array, hash: Sha256 = sha256): Commitment {
  invariant(salt.length === SALT_LENGTH, 'a salt is 32 bytes');
  return { pc: base64(hash(concatBytes(salt, payload))), pl: payload.length };
}

/** The 16 characters by which entries name a session, from the SHA-256 of its token. */
export function sessionTag(tokenHash: Uint8Array): string {
  return base64(tokenHash).slice(0, 16);
}

/** The bytes that are stored, hashed and exported: RFC 8785, at most 8 KiB. A draft that `parseEntry` would refuse is a bug. [RC-1] */
export function encodeEntry(draft: EntryDraft, seq: number, commitment: Commitment): Uint8Array<ArrayBuffer> {
  const fields = fieldsOf(draft, seq, commitment);
  const fault = entryFault(fields);
  invariant(fault === null, `an entry that cannot be read back: ${fault}`);
  // RFC 8785 as it stands: the members are laid down in their order, and what they hold is plain ASCII by now.
  const bytes = utf8(JSON.stringify(fields));
  invariant(bytes.length <= ENTRY_LIMIT, 'an entry over 8 KiB');
  return bytes;
}

/** Accepts exactly what `encodeEntry` writes: it re-encodes and compares. Never throws. [RC-2] */
export function parseEntry(bytes: Uint8Array): EntryOutcome {
  if (bytes.length > ENTRY_LIMIT) return { ok: false, reason: 'entry-too-long' };
  let text: string;
  let value: unknown;
  try {
    text = fromUtf8(bytes);
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: error instanceof SyntaxError ? 'entry-not-json' : 'entry-not-utf8' };
  }
  const fault = entryFault(value);
  if (fault !== null) return { ok: false, reason: fault };
  const fields = value as EntryFields;
  // The decoder drops a byte order mark, so the first byte is looked at as well.
  if (bytes[0] !== 0x7b || canonicalJson(fields) !== text)
    return { ok: false, reason: 'entry-not-canonical' };
  return { ok: true, entry: entryOf(fields) };
}

/** In the order of RFC 8785: by name. */
function fieldsOf(draft: EntryDraft, seq: number, { pc, pl }: Commitment): EntryFields & Json {
  return {
    by: authorFields(draft.by),
    cmd: draft.command,
    cp: draft.compartment,
    e: draft.kind,
    i: seq,
    log: draft.log,
    ob: draft.object === null ? null : { id: draft.object.id, k: draft.object.kind },
    op: draft.operation,
    out: draft.outcome,
    pc,
    pl,
    ...(draft.signature === undefined ? {} : { sig: draft.signature }),
    t: timeOf(draft.at),
    v: 1,
    verb: draft.verb,
  };
}

function authorFields(by: Author): EntryFields['by'] {
  if ('officer' in by) return { c: by.country, k: by.kind, s: by.session, u: by.officer };
  return { c: null, k: by.kind, s: null, u: null };
}

let newest: { readonly at: Millis; readonly text: string } | null = null;

/** The entries of one commit have one time. */
function timeOf(at: Millis): string {
  if (newest?.at !== at) newest = { at, text: isoTime(at) };
  return newest.text;
}

function entryOf(fields: EntryFields): Entry {
  const { by, ob, op, cp, cmd, sig } = fields;
  return {
    log: fields.log,
    at: Date.parse(fields.t),
    kind: fields.e,
    verb: fields.verb,
    by: by.u === null ? { kind: by.k } : { kind: by.k, officer: asId(by.u), country: by.c, session: by.s },
    operation: op === null ? null : asId(op),
    object: ob === null ? null : { kind: ob.k, id: ob.id },
    outcome: fields.out,
    compartment: cp === null ? null : asId(cp),
    command: cmd === null ? null : asId(cmd),
    ...(sig === undefined ? {} : { signature: sig }),
    seq: fields.i as Seq,
    commitment: { pc: fields.pc, pl: fields.pl },
  };
}
