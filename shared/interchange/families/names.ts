import { parse } from 'tldts';

import { refang } from '../defang.ts';
import { foldText } from '../fold.ts';
import { accepted, type Canonical, type Note, refused } from '../verdict.ts';
import { decodeLabel, mixesScripts } from './punycode.ts';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
/** Reserved for examples and tests (RFC 2606), and the onion names of RFC 7686: names without a public registry. */
const RESERVED: ReadonlySet<string> = new Set(['example', 'test', 'invalid', 'onion']);

/** Lower case, no trailing dot, ASCII (UTS 46), labels to 63, names to 253, under a public suffix. [IN-11] */
export function canonicaliseDomain(raw: string): Canonical {
  const name = toAscii(refang(foldText(raw)).trim());
  if (name === null) {
    return refused(
      'invalid',
      'This is not a domain name.',
      /:\/\//.test(raw) ? 'It is a URL: name that type.' : undefined,
    );
  }
  const labels = name.split('.');
  if (name.length > 253 || labels.some((label) => label.length > 63 || !LABEL.test(label))) {
    return refused(
      'invalid',
      'A part of the name is empty, too long, or has a character that names cannot have.',
    );
  }
  const suffix = publicSuffix(name);
  if (suffix === null) {
    return refused(
      'no-public-suffix',
      'The ending is not a known public suffix.',
      'Check the last part of the name.',
    );
  }
  if (suffix === name)
    return refused('no-public-suffix', 'This is a whole public suffix, not a name under one.');
  return accepted({ type: 'domain', value: name, ...unicodeFacts(labels) });
}

/** The public suffix (ICANN section, or reserved) of an ASCII name; `null` when the ending is unknown. */
export function publicSuffix(name: string): string | null {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (RESERVED.has(last)) return last;
  const { isIcann, isPrivate, publicSuffix: suffix } = parse(name, { validateHostname: false });
  return (isIcann || isPrivate) && suffix ? suffix : null;
}

/** Host name in ASCII, or `null` when it cannot be one. */
function toAscii(text: string): string | null {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare === '' || bare.length > 1024 || /[\s/\\?#@:%[\]<>^|]/.test(bare)) return null;
  const lower = bare.toLowerCase();
  if (/^[a-z0-9._-]*$/.test(lower) && !lower.includes('xn--')) return /^[\d.]+$/.test(lower) ? null : lower;
  const address = `http://${bare}/`;
  if (!URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  return /^[\d.]+$/.test(hostname) || hostname === '' ? null : hostname;
}

function unicodeFacts(labels: readonly string[]): { meta?: { unicode: string }; notes: readonly Note[] } {
  if (!labels.some((label) => label.startsWith('xn--'))) return { notes: [] };
  const decoded = labels.map((label) => decodeLabel(label));
  const notes: readonly Note[] = decoded.some(mixesScripts) ? ['mixed-script'] : [];
  return { meta: { unicode: decoded.join('.') }, notes };
}

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Both sides lower case; the domain as a domain. The spelling as found stays with whoever reported it. [IN-12] */
export function canonicaliseEmail(raw: string): Canonical {
  const text = refang(foldText(raw))
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^<(.*)>$/, '$1');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (local === '' || local.length > 64 || !LOCAL.test(local)) {
    return refused('invalid', 'This is not an e-mail address.');
  }
  const domain = canonicaliseDomain(text.slice(at + 1));
  if (!domain.ok) return refused('invalid', `The part after @ is not a domain: ${domain.message}`);
  return accepted({
    type: 'email',
    value: `${local.toLowerCase()}@${domain.selector.value}`,
    ...(domain.selector.meta ? { meta: domain.selector.meta } : {}),
    notes: domain.notes,
  });
}
