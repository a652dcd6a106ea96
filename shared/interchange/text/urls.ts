import { readMessengerLink } from '../families/messenger.ts';
import { canonicaliseHost } from '../families/url.ts';
import { canonicalise } from '../selector.ts';
import { type Candidate, candidate, doubtOf, type Scan, UNSPACED, withPort } from './candidate.ts';

const URL_RUN = /(?:https?|ftp):\/\/[^\s<>"`|\\^{}]{1,4096}/gi;
const LINK_RUN =
  /(?<![\w.@/-])(?:www\.)?(?:t\.me|telegram\.me|wa\.me|line\.me|zalo\.me|facebook\.com|fb\.com|instagram\.com|tiktok\.com)\/[^\s<>"`|\\^{}]{1,200}/gi;

/** URLs, and messenger links with or without a scheme. A URL also offers its host. [IN-21] */
export function* findUrls(scan: Scan): Iterable<Candidate> {
  for (const { index: from, 0: run } of scan.plain.text.matchAll(URL_RUN)) {
    scan.meter(run.length);
    const text = trimUrl(run);
    const messenger = messengerLink(scan, from, text);
    if (messenger) yield messenger;
    else yield* url(scan, from, text);
  }
  for (const { index: from, 0: run } of scan.plain.text.matchAll(LINK_RUN)) {
    scan.meter(run.length);
    const messenger = messengerLink(scan, from, trimUrl(run));
    if (messenger) yield messenger;
  }
}

function messengerLink({ options }: Scan, from: number, text: string): Candidate | null {
  if (!readMessengerLink(text)) return null;
  return candidate({ from, to: from + text.length }, canonicalise('messenger', text, options));
}

function* url(scan: Scan, from: number, text: string): Iterable<Candidate> {
  const to = from + text.length;
  const doubt = doubtOf(scan, from, to);
  const found = candidate({ from, to }, canonicalise('url', text, scan.options), doubt);
  if (!found) return;
  yield found;
  const authority = /^[a-z]+:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?/i.exec(text);
  const [whole = '', host = '', port] = authority ?? [];
  const start = from + whole.length - (port === undefined ? 0 : port.length + 1) - host.length;
  const span = { from: start, to: start + host.length };
  const derived = withPort(candidate(span, canonicaliseHost(host), 'host-of-url'), port);
  if (derived) yield derived;
}

/** Without what belongs to the sentence: closing signs, and the words of scripts that use no spaces. */
function trimUrl(run: string): string {
  return cutUnspaced(cutUnbalanced(run)).replace(/[.,;:!?'")\]*+]+$/, (tail) =>
    tail.startsWith(')') ? ')' : '',
  );
}

function cutUnbalanced(run: string): string {
  let round = 0;
  let square = 0;
  for (let at = 0; at < run.length; at++) {
    const char = run.charAt(at);
    if (char === '(') round++;
    else if (char === '[') square++;
    else if (char === ')' && --round < 0) return run.slice(0, at);
    else if (char === ']' && --square < 0) return run.slice(0, at);
  }
  return run;
}

function cutUnspaced(run: string): string {
  const host = run.indexOf('://') + 3;
  const path = run.indexOf('/', host);
  for (let at = host + 1; at < run.length; at++) {
    if (!UNSPACED.test(run.charAt(at))) continue;
    if ((path >= 0 && at > path) || /[a-z0-9]/i.test(run.charAt(at - 1))) return run.slice(0, at);
  }
  return run;
}
