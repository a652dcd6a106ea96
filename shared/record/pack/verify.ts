import { base64, fromUtf8 } from '#shared/kernel/encoding.ts';

import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import { sha256 } from '../hash.ts';
import { formatVkey, type NoteKey, parseVkey, signatureTypes } from '../keys.ts';
import { type NoteSigner, verifyNote } from '../note.ts';
import type { Policy } from '../witness/policy.ts';
import { type QuorumVerdict, weighQuorum } from '../witness/quorum.ts';
import { infoOf, type PackAbout, parseAbout } from './about.ts';
import { checkBoards, type RebuildBoard } from './check-boards.ts';
import { checkContent } from './check-content.ts';
import { crc32 } from './crc32.ts';
import { places } from './layout.ts';
import { type Bad, bad, OpenPack } from './open-pack.ts';
import type { PackBytes } from './read-zip.ts';
import { BAGIT, packSealText } from './tags.ts';
import type { PackHashes } from './write.ts';

export type PackOptions = Partial<PackHashes> & {
  /** The log's key as the reader holds it from elsewhere. */
  readonly vkey?: string;
  /** Keys of cosigners the reader holds. */
  readonly witnesses?: readonly string[];
  /** What must have cosigned; its log keys count as keys the reader holds. [RC-67] */
  readonly policy?: Policy;
  /** Makes a board from its changes. Without it, boards are believed as far as the seal is. */
  readonly rebuild?: RebuildBoard;
  readonly onProgress?: (done: number, total: number) => void;
};

/** What a good pack says. */
export type PackSummary = PackAbout & {
  /** Authenticated only by a key that came from outside the pack. */
  readonly signer: 'authenticated' | 'not authenticated';
  readonly witnessed: readonly { readonly name: string; readonly at: number }[];
  /** Under the policy given, of the pack's checkpoint; null without a policy. */
  readonly quorum: (QuorumVerdict & { readonly size: number }) | null;
  readonly boards: { readonly held: number; readonly rebuilt: boolean };
  readonly files: number;
};
export type PackVerdict = ({ readonly ok: true } & PackSummary) | ({ readonly ok: false } & Bad);

/**
 * Checks a pack whole: every byte of the zip, every hash, the seal, the signed checkpoint, every entry and its proof,
 * and every board. Stops at the first thing that is wrong; never throws unless reading the bytes does. [RC-71] to [RC-76]
 */
export function verifyPack(bytes: PackBytes, options: PackOptions = {}): PackVerdict {
  const hashes: PackHashes = { sha256: options.sha256 ?? sha256, crc32: options.crc32 ?? crc32 };
  const pack = OpenPack.open(bytes);
  if ('reason' in pack) return { ok: false, ...pack };
  const hashed = pack.checkHashes(hashes, options.onProgress ?? (() => undefined));
  if ('reason' in hashed) return { ok: false, ...hashed };
  const trusted = checkTrust(pack, options, hashed.tagManifest);
  if ('reason' in trusted) return { ok: false, ...trusted };
  const { about, checkpoint, note, signers } = trusted;
  const { policy } = options;
  const content = checkContent(pack, { about, checkpoint, note, sha256: hashes.sha256 });
  if ('reason' in content) return { ok: false, ...content };
  const boards = checkBoards(pack, content.boards, options.rebuild ?? null);
  if ('reason' in boards) return { ok: false, ...boards };
  return {
    ok: true,
    ...about,
    signer: isPinned(options) ? 'authenticated' : 'not authenticated',
    witnessed: signers.flatMap(({ key: { name }, at }) => (at === null ? [] : [{ name, at }])),
    quorum: policy === undefined ? null : { ...weighQuorum(policy, signers), size: about.size },
    boards: { held: boards.held, rebuilt: options.rebuild !== undefined },
    files: pack.data.length,
  };
}

type Trusted = {
  readonly about: PackAbout;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly signers: readonly NoteSigner[];
};

/** What the pack says of itself, its seal, and the checkpoint everything else is held against. [RC-73] */
function checkTrust(pack: OpenPack, options: PackOptions, tagManifest: Uint8Array): Trusted | Bad {
  const about = parseAbout(pack.read(places.about) ?? new Uint8Array());
  if (about === null) return bad('pack-unknown-format', places.about);
  const differs = aboutDiffers(pack, about);
  if (differs !== null) return differs;
  const key = keyOf(about, options);
  if (typeof key === 'string') return bad(key, places.about);
  const seal = verifyNote(pack.readText(places.seal) ?? '', [key]);
  if (!seal.ok) return bad(seal.reason, places.seal);
  if (seal.unknown > 0 || seal.signers.length > 1) return bad('note-too-many-signatures', places.seal);
  if (seal.text !== packSealText(about.origin, tagManifest)) return bad('seal-differs', places.seal);
  return checkCheckpoint(pack, about, { key, witnesses: options.witnesses ?? [], policy: options.policy });
}

function checkCheckpoint(
  pack: OpenPack,
  about: PackAbout,
  given: {
    readonly key: NoteKey;
    readonly witnesses: readonly string[];
    readonly policy: Policy | undefined;
  },
): Trusted | Bad {
  const { key, witnesses, policy } = given;
  const note = pack.readText(places.checkpoint) ?? '';
  const known = witnesses.map(parseVkey);
  if (known.some((one) => one?.type !== signatureTypes.cosigner)) return bad('key-malformed', null);
  const verified = verifyNote(note, [
    key,
    ...(policy?.witnesses ?? []),
    ...known.filter((one) => one !== null),
  ]);
  if (!verified.ok) return bad(verified.reason, places.checkpoint);
  if (!verified.signers.some((signer) => signer.key === key))
    return bad('note-no-known-signer', places.checkpoint);
  const checkpoint = parseCheckpoint(verified.text);
  if (checkpoint === null) return bad('checkpoint-malformed', places.checkpoint);
  const agrees =
    checkpoint.origin === about.origin &&
    checkpoint.size === about.size &&
    base64(checkpoint.root) === about.root;
  if (!agrees) return bad('checkpoint-differs', places.checkpoint);
  return { about, checkpoint, note, signers: verified.signers };
}

function keyOf(about: PackAbout, { vkey, policy }: PackOptions): NoteKey | 'key-malformed' | 'key-differs' {
  const [given, stated] = [vkey ?? about.key, about.key].map(parseVkey);
  if (given?.type !== signatureTypes.log || stated?.type !== signatureTypes.log) return 'key-malformed';
  const logs = policy?.logs ?? [];
  const isOfPolicy = logs.length === 0 || logs.some((log) => formatVkey(log) === about.key);
  const agrees = formatVkey(given) === about.key && stated.name === about.origin && isOfPolicy;
  return agrees ? stated : 'key-differs';
}

/** Whether the log's key came from outside the pack. */
function isPinned({ vkey, policy }: PackOptions): boolean {
  return vkey !== undefined || (policy?.logs.length ?? 0) > 0;
}

/** The declarations of the bag follow from what it holds. [RC-70] */
function aboutDiffers(pack: OpenPack, about: PackAbout): Bad | null {
  if (about.id !== pack.id) return bad('pack-about-differs', places.about);
  if (pack.readText(places.bagit) !== BAGIT) return bad('pack-unknown-format', places.bagit);
  const bag = { bytes: pack.data.reduce((sum, { size }) => sum + size, 0), files: pack.data.length };
  if (pack.readText(places.info) !== infoOf(about, bag)) return bad('pack-about-differs', places.info);
  const [first] = (pack.readText(places.keys) ?? '').split('\n');
  return first === about.key ? null : bad('pack-about-differs', places.keys);
}

/** Whether a file begins as every zip does: what else a verifier is given is an export of lines. */
export function looksLikePack(head: Uint8Array): boolean {
  return head.length >= 2 && fromUtf8(head.subarray(0, 2)) === 'PK';
}
