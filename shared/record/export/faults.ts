import type { EntryFault } from '../entry-fields.ts';
import type { NoteFault } from '../note.ts';

/** Everything that can be wrong with an export, in the words a person reads. */
const sentences = {
  'export-truncated': 'the file ends too early',
  'export-trailing-bytes': 'something follows the last line',
  'export-unknown-format': 'this is not an export this program knows',
  'key-malformed': 'the key given is not a verification key of a log',
  'key-differs': 'the export was signed with another key than the one given',
  'line-too-long': 'the line is longer than any export has',
  'line-not-json': 'the line is not readable',
  'line-not-canonical': 'the line is not written in the one accepted form',
  'line-not-expected': 'another kind of line belongs here',
  'line-malformed': 'a part of the line does not have the expected form',
  'line-chain-broken': 'the line was changed, moved or removed after the export was written',
  'entry-hash-differs': 'the entry is not the one whose hash is on the record',
  'entry-out-of-place': 'the entry belongs to another place; one is missing, added or moved',
  'entry-foreign-log': 'the entry belongs to another record',
  'entry-goes-back-in-time': 'the entry is older than the one before it',
  'entry-content-differs': 'the content is not the one the entry commits to',
  'checkpoint-malformed': 'the checkpoint does not have the expected form',
  'checkpoint-differs': 'the checkpoint speaks of another record or another size',
  'root-mismatch': 'the entries do not add up to the root that was signed',
  'part-does-not-go-on': 'the part does not go on where the one before it ended',
  'seal-differs': 'the seal was put on another file',
  'entry-too-long': 'the entry is longer than 8 KiB',
  'entry-not-utf8': 'the entry is not text',
  'entry-not-json': 'the entry is not readable',
  'entry-not-canonical': 'the entry is not written in the one accepted form',
  'entry-unknown-version': 'the entry is of a version this program does not know',
  'note-malformed': 'the signature lines do not have the expected form',
  'note-too-many-signatures': 'there are too many signatures',
  'note-bad-signature': 'a signature is wrong',
  'note-no-known-signer': 'the signature of the log is missing',
} as const;

export type ExportFault = keyof typeof sentences | EntryFault | NoteFault;

export function explainFault(fault: ExportFault): string {
  if (isListed(fault)) return sentences[fault];
  return `the entry's field "${fault.slice('entry-field-'.length)}" is missing, unknown or malformed`;
}

function isListed(fault: ExportFault): fault is keyof typeof sentences {
  return Object.hasOwn(sentences, fault);
}
