import { isoTime } from '#shared/kernel/clock.ts';

import type { ExportSummary } from './check.ts';
import { explainFault } from './faults.ts';
import type { ExportVerdict } from './verify.ts';

/** What was found out about an export, line by line, in the words that command and page share. [RC-27] [RC-67] */
export function reportOf(verdict: ExportVerdict): string[] {
  if (!verdict.ok) {
    const where = verdict.at === null ? `line ${verdict.line}` : `entry ${verdict.at}, line ${verdict.line}`;
    return [`NOT INTACT at ${where}: ${explainFault(verdict.reason)}.`, `Reason        ${verdict.reason}`];
  }
  const { from, size, first, last } = verdict;
  const authenticated = verdict.signer === 'authenticated';
  return [
    authenticated
      ? 'INTACT: consistent, and signed with the key given.'
      : 'CONSISTENT, signer not authenticated: give the key your desk holds with --key.',
    `Record        ${verdict.origin}`,
    `Entries       ${size - from}${from === 0 ? '' : ` (from entry ${from} on)`}`,
    `  shown       ${size - from - verdict.withheld}, ${verdict.opened} of them with their content`,
    `  withheld    ${verdict.withheld}`,
    ...(first === null || last === null ? [] : [`Time          ${isoTime(first)} to ${isoTime(last)}`]),
    `Size, root    ${size}, ${verdict.root}`,
    `Key           ${verdict.key}${authenticated ? '' : ' (as the file states it)'}`,
    ...verdict.witnessed.map(({ name, at }) => `Cosigned by   ${name} at ${isoTime(at * 1000)}`),
    ...quorumLines(verdict),
  ];
}

/** Entries after the cosigned checkpoint rest on the log's signature alone: the reader is told how many. */
export function quorumLines({ quorum, size }: Pick<ExportSummary, 'quorum' | 'size'>): string[] {
  if (quorum === null) return [];
  const share = `${quorum.cosigned.length} of ${quorum.of}, ${quorum.need} needed`;
  if (!quorum.met)
    return [`Quorum        NOT MET: ${share}; missing ${quorum.missing.join(', ')}. This proves no quorum.`];
  const when = quorum.at === null ? '' : `, ${isoTime(quorum.at * 1000)}`;
  const rest = size - quorum.size;
  const names = quorum.cosigned.map(({ name }) => name).join(', ');
  return [
    `Quorum        met: ${share}${when}`,
    `  by          ${names || 'nobody: the policy asks for none'}`,
    `  covers      the first ${quorum.size} entries; ${rest} after them rest on the log's signature alone`,
  ];
}
