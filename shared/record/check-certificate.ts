import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { base64, fromUtf8 } from '#shared/kernel/encoding.ts';

import { type Certificate, parseCertificate } from './certificate.ts';
import { parseEntry } from './entry.ts';
import type { ExportFault } from './export/faults.ts';
import type { ExportedEntry } from './export/lines.ts';
import { type VerifyOptions, verifyExport } from './export/verify.ts';
import { parseVkey, signatureTypes } from './keys.ts';
import { parseNote, verifyNote } from './note.ts';

export type CertificateFault =
  | 'certificate-malformed'
  | 'certificate-not-signed'
  | 'certificate-other-record'
  | 'certificate-other-root'
  | 'certificate-no-purge'
  | 'certificate-content-left';

const sentences: Record<CertificateFault, string> = {
  'certificate-malformed': 'this is no certificate, or it was changed',
  'certificate-not-signed': 'the signature of the record is missing or wrong',
  'certificate-other-record': 'the export is of another record, or ends before the purge',
  'certificate-other-root': 'the record has another root at that size',
  'certificate-no-purge': 'the record does not say at that place that this was destroyed',
  'certificate-content-left': 'the export shows content that the certificate calls destroyed',
};

export function explainCertificateFault(fault: CertificateFault): string {
  return sentences[fault];
}

export type CertificateVerdict =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly reason: CertificateFault; readonly at: number | null };

/** Whether the key of the record has signed this. The key comes from outside the certificate. [LC-23] */
export function checkCertificate(note: string, vkey: string): CertificateVerdict {
  const certificate = parseCertificate(parseNote(note)?.text ?? '');
  if (certificate === null) return { ok: false, reason: 'certificate-malformed', at: null };
  const key = parseVkey(vkey);
  const isItsKey = key !== null && key.type === signatureTypes.log && key.name === certificate.origin;
  const verified = isItsKey ? verifyNote(note, [key]) : null;
  if (verified === null || !verified.ok || verified.unknown > 0 || verified.signers.length !== 1)
    return { ok: false, reason: 'certificate-not-signed', at: null };
  return { ok: true, certificate };
}

export type AgainstExport =
  | CertificateVerdict
  | { readonly ok: false; readonly reason: ExportFault; readonly at: number | null; readonly line: number };

/**
 * Holds a certificate against an export made after the purge: the export is good, the tree is the one that was
 * certified, the purge stands in it, and nothing below the decision has content left. [LC-21] [LC-23]
 */
export async function checkAgainstExport(
  note: string,
  chunks: Parameters<typeof verifyExport>[0],
  options: VerifyOptions & { readonly vkey: string },
): Promise<AgainstExport> {
  const signed = checkCertificate(note, options.vkey);
  if (!signed.ok) return signed;
  const { certificate } = signed;
  const found = new Findings(certificate);
  const verdict = await verifyExport(chunks, {
    ...options,
    onEntry: (at, shown, root) => found.look(at, shown, root),
  });
  if (!verdict.ok) return verdict;
  const other = verdict.origin !== certificate.origin || verdict.from > 0;
  if (other || verdict.size < certificate.record.size)
    return { ok: false, reason: 'certificate-other-record', at: null };
  return found.verdict();
}

/** What the entries of an export say of a certificate. */
class Findings {
  readonly #certificate: Certificate;
  #left: number | null = null;
  #purged = false;
  #root: string | null = null;

  constructor(certificate: Certificate) {
    this.#certificate = certificate;
  }

  look(at: number, shown: ExportedEntry, root: () => Uint8Array): void {
    const { below, done, record } = this.#certificate;
    const hasContent = 'entry' in shown && shown.content !== null;
    if (at < below && hasContent) this.#left ??= at;
    if (at === done) this.#purged = saysPurged(shown, this.#certificate);
    if (at === record.size - 1) this.#root = base64(root());
  }

  verdict(): CertificateVerdict {
    const { record, done } = this.#certificate;
    if (this.#root !== record.root)
      return { ok: false, reason: 'certificate-other-root', at: record.size - 1 };
    if (!this.#purged) return { ok: false, reason: 'certificate-no-purge', at: done };
    if (this.#left !== null) return { ok: false, reason: 'certificate-content-left', at: this.#left };
    return { ok: true, certificate: this.#certificate };
  }
}

/** The entry of the purge, with the same counts as the certificate. */
function saysPurged(shown: ExportedEntry, { destroyed }: Certificate): boolean {
  if (!('entry' in shown) || shown.content === null) return false;
  const parsed = parseEntry(shown.entry);
  return (
    parsed.ok &&
    parsed.entry.kind === 'operation.purged' &&
    fromUtf8(shown.content.payload) === canonicalJson({ ...destroyed } as unknown as Json)
  );
}
