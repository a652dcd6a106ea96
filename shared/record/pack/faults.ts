import type { EntryFault } from '../entry-fields.ts';
import { type ExportFault, explainFault } from '../export/faults.ts';
import type { NoteFault } from '../note.ts';
import type { ProofFault } from '../proof.ts';

/** What can be wrong with a pack beyond its entries and notes, in the words a person reads. */
const sentences = {
  'zip-truncated': 'the zip has no end: it was cut, or something was added behind it',
  'zip-directory-malformed': 'the list of files in the zip is not readable',
  'zip-not-canonical': 'the zip is not written in the one accepted form',
  'zip-file-twice': 'the zip holds this file twice',
  'zip-gap': 'the zip holds bytes that belong to no file',
  'zip-content-differs': 'the file was changed after the zip was written',
  'pack-unknown-format': 'this is not a pack this program knows',
  'pack-file-missing': 'a file that every pack has is missing',
  'pack-unknown-file': 'no pack has such a file',
  'pack-misplaced-file': 'the file stands at another place than in any pack',
  'pack-about-differs': 'what the pack says of itself does not agree with what it holds',
  'manifest-differs': 'the list of hashes is not that of these files',
  'file-hash-differs': 'the file is not the one whose hash is in the list',
  'seal-differs': 'the seal was put on another pack',
  'tile-missing': 'a part of the tree is missing',
  'tile-not-expected': 'the tree of this record has no such part',
  'tile-differs': 'the hashes are not those of the tree',
  'bundle-malformed': 'the bundle of entries is not readable',
  'entry-not-proven': 'nothing proves that this entry is on the record',
  'entry-missing': 'an entry of the range is neither shown nor withheld',
  'entry-twice': 'the entry stands in the pack twice',
  'entry-not-in-scope': 'the entry does not belong to what was selected',
  'proof-file-malformed': 'the proof does not have the expected form',
  'proof-other-checkpoint': 'the proof speaks of another checkpoint than the pack',
  'proof-without-entry': 'the proof belongs to no entry of the pack',
  'content-without-entry': 'the content belongs to no entry of the pack',
  'content-half-purged': 'salt and content stand together or not at all',
  'board-changes-differ': 'the board is not made of the changes on the record',
  'board-state-differs': 'the board is not what its changes give',
  'person-differs': 'the person belongs to no entry of the pack',
  'attachment-differs': 'the attachment is not the one that is named',
  'proof-outside-tree': 'the proof names a place outside the tree',
  'proof-too-short': 'the proof is too short',
  'proof-too-long': 'the proof is too long',
  'proof-malformed-hash': 'a hash of the proof does not have the expected form',
  'proof-root-mismatch': 'the proof does not lead to the root that was signed',
} as const;

export type PackFault = keyof typeof sentences | EntryFault | NoteFault | ProofFault | ExportFault;

export function explainPackFault(fault: PackFault): string {
  return isListed(fault) ? sentences[fault] : explainFault(fault);
}

function isListed(fault: PackFault): fault is keyof typeof sentences {
  return Object.hasOwn(sentences, fault);
}
