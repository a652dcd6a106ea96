import { refang } from './defang.ts';
import { canonicaliseCidr, canonicaliseIp } from './families/addresses.ts';
import { canonicaliseAccount, canonicaliseIban } from './families/bank.ts';
import { canonicaliseCrypto } from './families/crypto/address.ts';
import { canonicaliseHash, hashOfLength } from './families/hashes.ts';
import { canonicaliseMessenger, readMessengerLink } from './families/messenger.ts';
import { canonicaliseDomain, canonicaliseEmail } from './families/names.ts';
import { canonicaliseOther } from './families/other.ts';
import { canonicalisePhone } from './families/phone.ts';
import { canonicaliseUrl } from './families/url.ts';
import { foldText } from './fold.ts';
import type { SelectorType } from './selector-types.ts';
import { type Canonical, type CanonicaliseOptions, type Canonicaliser, refused } from './verdict.ts';

export { defang, refang } from './defang.ts';
export {
  isSelectorType,
  type Selector,
  type SelectorType,
  selectorLabel,
  selectorTypes,
} from './selector-types.ts';

/** A value longer than this is not one value (characters). */
export const longestValue = 65_536;

const canonicalisers: Readonly<Record<SelectorType, Canonicaliser>> = {
  ipv4: canonicaliseIp,
  ipv6: canonicaliseIp,
  cidr: canonicaliseCidr,
  domain: canonicaliseDomain,
  url: canonicaliseUrl,
  email: canonicaliseEmail,
  md5: (raw) => canonicaliseHash('md5', raw),
  sha1: (raw) => canonicaliseHash('sha1', raw),
  sha224: (raw) => canonicaliseHash('sha224', raw),
  sha256: (raw) => canonicaliseHash('sha256', raw),
  sha384: (raw) => canonicaliseHash('sha384', raw),
  sha512: (raw) => canonicaliseHash('sha512', raw),
  phone: (raw, options) => canonicalisePhone(raw, options.defaultCountry),
  crypto: canonicaliseCrypto,
  iban: canonicaliseIban,
  'bank-account': canonicaliseAccount,
  messenger: canonicaliseMessenger,
  other: (raw) => canonicaliseOther(raw),
};

/**
 * The one canonical form of a value, or why it has none. Never throws. The selector's type may be a sibling of the
 * one asked for (a range under `ipv4`, an IBAN under `bank-account`): then the notes have `retyped`. [IN-1] [IN-2]
 */
export function canonicalise(type: SelectorType, raw: string, options: CanonicaliseOptions = {}): Canonical {
  if (raw.length > longestValue) return refused('too-large', `Longer than ${longestValue} characters.`);
  if (raw.trim() === '') return refused('empty', 'There is no value.');
  const canonical = canonicalisers[type](raw, options);
  if (!canonical.ok || canonical.selector.type === type || canonical.notes.includes('retyped'))
    return canonical;
  return { ...canonical, notes: [...canonical.notes, 'retyped'] };
}

/** What a bare value most likely is. `null` where only a person can say: digits without a country, single words. [IN-6] */
export function detectType(raw: string): SelectorType | null {
  const text = refang(foldText(raw)).trim();
  if (text === '' || text.length > 4096) return null;
  if (readMessengerLink(text) && accepts('messenger', text)) return 'messenger';
  if (/^(?:https?|ftp):\/\//i.test(text)) return accepts('url', text) ? 'url' : null;
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return accepts('email', text) ? 'email' : null;
  return (
    detectAddress(text) ??
    detectDigest(text) ??
    detectNumber(text) ??
    (accepts('domain', text) ? 'domain' : null)
  );
}

function detectAddress(text: string): SelectorType | null {
  if (!/^\[?[0-9a-f:.]+\]?(?:%\w+)?(?:\/\d+)?$/i.test(text) || !/[.:]/.test(text)) return null;
  const canonical = canonicaliseIp(text);
  return canonical.ok ? canonical.selector.type : null;
}

function detectDigest(text: string): SelectorType | null {
  if (/^[0-9a-f]+$/i.test(text)) {
    const hash = hashOfLength(text.length);
    if (hash) return hash;
  }
  return accepts('crypto', text) ? 'crypto' : null;
}

function detectNumber(text: string): SelectorType | null {
  if (/^[a-z]{2}\d{2}[a-z0-9 ]+$/i.test(text) && accepts('iban', text)) return 'iban';
  return text.startsWith('+') && accepts('phone', text) ? 'phone' : null;
}

function accepts(type: SelectorType, text: string): boolean {
  return canonicalise(type, text).ok;
}
