import { reportOf } from '#shared/record/export/report.ts';
import { type ExportVerdict, verifyExport } from '#shared/record/export/verify.ts';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { type Policy, parsePolicy } from '#shared/record/witness/policy.ts';

/*
 * The page that verifies an export without any hub: one file, no network, no other script. scripts/build.mjs puts script
 * and style into page.html, with their hashes in its policy. [RC-69]
 */

type Asked = { readonly record: File; readonly policy: Policy | null; readonly vkey: string | null };
type Outcome = 'good' | 'partly' | 'bad' | 'nothing';

const form = part('form', HTMLFormElement);
const progress = part('progress', HTMLProgressElement);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});

async function check(): Promise<void> {
  const button = part('check', HTMLButtonElement);
  button.disabled = true;
  part('result', HTMLElement).hidden = true;
  try {
    const asked = await readForm();
    if (typeof asked === 'string') show('nothing', 'Nothing was checked', [asked]);
    else tell(await verify(asked));
  } catch (error) {
    show('nothing', 'Nothing was checked', [error instanceof Error ? error.message : String(error)]);
  } finally {
    progress.hidden = true;
    button.disabled = false;
  }
}

/** What to check, or what is wrong with the question. */
async function readForm(): Promise<Asked | string> {
  const record = fileIn('record');
  if (record === null) return 'Choose the export of a record.';
  const vkey = part('key', HTMLInputElement).value.trim();
  if (vkey !== '' && parseVkey(vkey)?.type !== signatureTypes.log) return 'That is not the key of a record.';
  const chosen = fileIn('policy');
  if (chosen === null) return { record, policy: null, vkey: vkey || null };
  const read = parsePolicy(await chosen.text());
  return read.ok
    ? { record, policy: read.policy, vkey: vkey || null }
    : `The policy is not one: line ${read.line}, ${read.reason}.`;
}

async function verify({ record, policy, vkey }: Asked): Promise<ExportVerdict> {
  progress.hidden = false;
  progress.value = 0;
  return verifyExport(chunksOf(record), {
    ...(policy === null ? {} : { policy }),
    ...(vkey === null ? {} : { vkey }),
    onProgress({ done, total }) {
      progress.value = total === 0 ? 1 : done / total;
    },
  });
}

async function* chunksOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function tell(verdict: ExportVerdict): void {
  const lines = reportOf(verdict);
  if (!verdict.ok) show('bad', 'This file is not the record it claims to be', lines);
  else if (verdict.quorum?.met === false)
    show('partly', 'The record is intact; the quorum has not cosigned it', lines);
  else if (verdict.signer === 'not authenticated')
    show('partly', 'Consistent; who signed it is not authenticated', lines);
  else if (verdict.quorum === null) show('good', 'Intact, and signed with the key given', lines);
  else show('good', 'Intact, signed with the key given, and cosigned by the quorum', lines);
}

function show(outcome: Outcome, verdict: string, lines: readonly string[]): void {
  const result = part('result', HTMLElement);
  result.dataset.outcome = outcome;
  part('verdict', HTMLElement).textContent = verdict;
  part('report', HTMLElement).textContent = lines.join('\n');
  result.hidden = false;
}

function fileIn(id: string): File | null {
  return part(id, HTMLInputElement).files?.[0] ?? null;
}

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}
