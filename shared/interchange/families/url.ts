import { refang } from '../defang.ts';
import { foldText } from '../fold.ts';
import { accepted, type Canonical, type Note, refused } from '../verdict.ts';
import { canonicaliseIp } from './addresses.ts';
import { canonicaliseDomain } from './names.ts';

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:']);

/** WHATWG serialisation, fragment kept; http, https and ftp only; the host must be an address or a domain. [IN-12] */
export function canonicaliseUrl(raw: string): Canonical {
  const text = refang(foldText(raw)).trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1];
  if (scheme && !SCHEMES.has(`${scheme.toLowerCase()}:`) && !/^\d/.test(text.slice(scheme.length + 1))) {
    return refused('scheme-not-allowed', `Addresses beginning with ${scheme}: are not kept.`);
  }
  if (!/^(?:https?|ftp):\/\//i.test(text)) {
    return refused(
      'invalid',
      'A URL begins with http://, https:// or ftp://.',
      'Without it, enter the domain.',
    );
  }
  if (/\s/.test(text) || !URL.canParse(text)) return refused('invalid', 'This is not a URL.');
  const url = new URL(text);
  const host = canonicaliseHost(url.hostname);
  if (!host.ok) return refused(host.code, `The host of the URL is not usable: ${host.message}`);
  const notes: Note[] = [...host.notes];
  if (url.username !== '' || url.password !== '') notes.push('credentials');
  return accepted({ type: 'url', value: url.href, meta: { host: host.selector.value }, notes });
}

/** A domain or an address, as it stands in a URL or before a port. */
export function canonicaliseHost(text: string): Canonical {
  const numeric = text.includes(':') || /^[\d.]+$/.test(text);
  return numeric ? canonicaliseIp(text) : canonicaliseDomain(text);
}
