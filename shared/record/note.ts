import { concatBytes, equalBytes, fromBase64, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { cosignedMessage, readCosignature } from './cosignature.ts';
import {
  isKeyName,
  isSignedBy,
  type NoteKey,
  noteKey,
  type Signer,
  signatureLine,
  signatureTypes,
} from './keys.ts';

/** C2SP signed-note: a text, a blank line, and at least one line of signature. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };
export type NoteSignature = {
  readonly name: string;
  /** First 4 bytes of the line: which key. */
  readonly id: Uint8Array;
  /** The rest: 64 bytes for type 0x01, 8 bytes of time and 64 for type 0x04. */
  readonly body: Uint8Array;
};

export type NoteFault =
  | 'note-malformed'
  | 'note-too-many-signatures'
  | 'note-bad-signature'
  | 'note-no-known-signer';
/** `at` is POSIX seconds, stated by cosigners only. */
export type NoteSigner = { readonly key: NoteKey; readonly at: number | null };
export type NoteOutcome =
  | {
      readonly ok: true;
      readonly text: string;
      readonly signers: readonly NoteSigner[];
      readonly unknown: number;
    }
  | { readonly ok: false; readonly reason: NoteFault };

const SIGNATURES_LIMIT = 128;
const ID_LENGTH = 4;

/** Signs `text`, which must end its last line, with a key of type 0x01. [RC-10] */
export function signNote(signer: Signer, text: string): string {
  invariant(isNoteText(text), 'not the text of a note');
  const { id } = noteKey(signer, signatureTypes.log);
  return `${text}\n${signatureLine(signer.name, concatBytes(id, signer.sign(utf8(text))))}`;
}

/** Adds one line that `signNote` or `cosign` made for the same text. */
export function addSignature(note: string, line: string): string {
  return `${note}${line}`;
}

/** Takes a note apart without believing it; null when it is not one. */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  const tail = note.slice(split + 2);
  if (split < 0 || !isNoteText(text) || !tail.endsWith('\n')) return null;
  const signatures: NoteSignature[] = [];
  for (const line of tail.slice(0, -1).split('\n')) {
    const [dash, name = '', body = '', ...rest] = line.split(' ');
    const bytes = fromBase64(body);
    if (dash !== '\u2014' || rest.length > 0 || !isKeyName(name) || bytes === null) return null;
    if (bytes.length <= ID_LENGTH) return null;
    signatures.push({ name, id: bytes.subarray(0, ID_LENGTH), body: bytes.subarray(ID_LENGTH) });
  }
  return { text, signatures };
}

/** Unknown signers are counted and passed over; one known signer whose signature fails refuses the whole note. [RC-11] */
export function verifyNote(note: string, keys: readonly NoteKey[]): NoteOutcome {
  const parsed = parseNote(note);
  if (parsed === null) return { ok: false, reason: 'note-malformed' };
  if (parsed.signatures.length > SIGNATURES_LIMIT) return { ok: false, reason: 'note-too-many-signatures' };
  const signers: NoteSigner[] = [];
  for (const signature of parsed.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && equalBytes(id, signature.id));
    if (key === undefined) continue;
    const signer = checkSignature(key, parsed.text, signature.body);
    if (signer === null) return { ok: false, reason: 'note-bad-signature' };
    signers.push(signer);
  }
  if (signers.length === 0) return { ok: false, reason: 'note-no-known-signer' };
  return { ok: true, text: parsed.text, signers, unknown: parsed.signatures.length - signers.length };
}

function checkSignature(key: NoteKey, text: string, body: Uint8Array): NoteSigner | null {
  if (key.type === signatureTypes.log) {
    return isSignedBy(key, utf8(text), body) ? { key, at: null } : null;
  }
  const cosignature = readCosignature(body);
  if (cosignature === null) return null;
  const { at, signature } = cosignature;
  return isSignedBy(key, cosignedMessage(text, at), signature) ? { key, at } : null;
}

/** Ends in a newline, holds no other control character. */
function isNoteText(text: string): boolean {
  return text.length > 1 && text.endsWith('\n') && text.isWellFormed() && !/[^\P{Cc}\n]/u.test(text);
}
