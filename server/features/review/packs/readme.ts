import { parseNote } from '#shared/record/note.ts';
import type { PackAbout } from '#shared/record/pack/about.ts';

/** `data/README.txt`: for whoever opens the pack and knows nothing of Muster. `note` is its checkpoint. */
export function readmeOf(about: PackAbout, note: string): string {
  const { id, origin, key, size, root, signedAt, operation, recipient, scope } = about;
  const whole = scope.kind === 'operation';
  return `EVIDENCE PACK ${id}
Operation: ${oneLine(operation)}
For: ${oneLine(recipient.name)}
Record: ${origin}
Checkpoint: ${size} entries, signed ${signedAt}, root ${root}
Cosigned by: ${cosignersOf(note, origin)}
What was written on the record after this checkpoint is not in this pack.

WHAT IT HOLDS
  data/log/checkpoint        the signed size and root of the record, with all cosignatures known to the hub
${
  whole
    ? `  data/log/tile/             the hashes of every entry, and of the tree above them (C2SP tlog-tiles)
  data/log/tile/entries/     bundles of 256 entries, where all of them may be shown
  data/entries/              the entries of the other bundles, as far as they may be shown
`
    : `  data/entries/              the entries
  data/proofs/               for each the proof that it is on the record (C2SP tlog-proof)
`
}${
  scope.kind === 'time'
    ? `  data/log/withheld.txt      number and hash of the entries of this time that are not for the recipient; proven, too
`
    : ''
}  data/payload/              the content of an entry (.bin) and its salt (.salt); neither, if it was purged
  data/board/                boards: which entries changed them, and the state these changes give (Yjs, JSON)
  data/people/               who acted, by the ids that the entries use
  data/custody.csv           every export and hand-over so far that is among the entries shown
  data/report/               an account to read, as HTML and PDF
  data/trust/                the key of the record
  data/tools/verify.mjs      a program that checks all of this
  data/pack.json             what this pack is, for programs
Attachments would lie in data/files/, named by their SHA-256. Muster keeps none yet.

WHAT IT PROVES
  That the entries shown are on the record under this checkpoint, unchanged, at their places.
  That a content belongs to its entry: SHA-256(salt, content) is the entry's member "pc".
  ${completeness(scope.kind)}
  That the boards are what the shown changes give.
  That the hub made this pack and nothing in it was changed since: seal.txt, signed with the key of the record.

WHAT IT DOES NOT PROVE
  That what an entry says is true.
  That an act was never left unrecorded (receipts do that).
  Without cosignatures, that the hub shows everybody the same record.
  The report, the people and the custody list are the hub's own words under its seal. The evidence is the entries.

HOW TO CHECK IT, WITHOUT ANY NETWORK
  Get the key of the record from somewhere else than this pack: your desk was given it, and other countries hold it.
  The key as this pack states it: ${key}

  With Node.js 20.19 or newer:   node data/tools/verify.mjs PACK.zip --key KEY
  Better with a copy of that program that did not come with this pack: npm run verify in the source of Muster.

  By hand, in the folder that holds this pack's bagit.txt:
    sha256sum -c tagmanifest-sha256.txt
    sha256sum -c manifest-sha256.txt
  Then the seal, the checkpoint and the proofs with openssl and Python, or with Go:
  docs/guides/verify-a-record.md in the source of Muster has every step.
`;
}

function completeness(kind: PackAbout['scope']['kind']): string {
  if (kind === 'operation')
    return 'That there are no others up to the checkpoint: what is not shown is there as a hash.';
  if (kind === 'time')
    return 'That there are no others in this time: what is not shown is there as a hash. Not of other times.';
  return 'NOT that there are no others: this pack proves inclusion, not completeness.';
}

/** As the lines under the checkpoint name themselves; `--policy` and `--witness` verify them. */
function cosignersOf(note: string, origin: string): string {
  const names = (parseNote(note)?.signatures ?? []).map(({ name }) => name).filter((name) => name !== origin);
  return names.length > 0
    ? [...new Set(names)].join(', ')
    : 'nobody; it rests on the signature of the hub alone';
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
