import type { Selector } from '../selector-types.ts';
import type { Note } from '../verdict.ts';
import type { Candidate, Recogniser, Scan } from './candidate.ts';
import { findHandles } from './handles.ts';
import { findHosts, findIpv6 } from './hosts.ts';
import { findNumbers } from './numbers.ts';
import { PlainText } from './plain-text.ts';
import { findUrls } from './urls.ts';
import { findEmails, findIbans, findLongWords } from './words.ts';

/**
 * One indicator found in a text. `span` are UTF-16 indices in the text as given, `raw` what stands there. Unticked
 * finds are offered to the officer and not taken; their notes say why.
 */
export type Find = {
  readonly span: { readonly from: number; readonly to: number };
  readonly raw: string;
  readonly selector: Selector;
  readonly ticked: boolean;
  readonly notes: readonly Note[];
};

export type ScanOptions = {
  readonly defaultCountry?: string;
  /** Finds given at most. */
  readonly limit?: number;
  /** Told how many characters are looked at, so that a test can hold the work to be linear. */
  readonly meter?: (characters: number) => void;
};

const MOST_FINDS = 10_000;
const recognisers: readonly Recogniser[] = [
  findUrls,
  findEmails,
  findHosts,
  findIpv6,
  findLongWords,
  findIbans,
  findNumbers,
  findHandles,
];

/** Finds the indicators of a text, in the order they stand there. Linear in its length; never throws. [IN-20] */
export function scanText(text: string, options: ScanOptions = {}): Find[] {
  const { defaultCountry, limit = MOST_FINDS, meter = () => undefined } = options;
  const plain = new PlainText(text);
  meter(plain.text.length);
  const scan: Scan = { plain, options: defaultCountry === undefined ? {} : { defaultCountry }, meter };
  const found = recognisers.flatMap((recogniser) => [...recogniser(scan)]);
  return longestFirst(found)
    .slice(0, limit)
    .map(({ from, to, ...rest }) => ({ ...plain.origin(from, to), ...rest }));
}

/** Of finds that overlap the longest stays; the host of a URL stays beside its URL. */
function longestFirst(found: readonly Candidate[]): Candidate[] {
  const ordered = [...found].sort((a, b) => a.from - b.from || b.to - a.to);
  const kept: Candidate[] = [];
  const hosts: Candidate[] = [];
  for (const one of ordered) {
    const last = kept.at(-1);
    if (one.notes.includes('host-of-url')) hosts.push(one);
    else if (!last || one.from >= last.to) kept.push(one);
    else if (one.to - one.from > last.to - last.from) kept[kept.length - 1] = one;
  }
  return [...kept, ...hosts].sort((a, b) => a.from - b.from || b.to - a.to);
}
