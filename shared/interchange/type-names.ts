import { type HashType, hashOfLength } from './families/hashes.ts';
import { platformNamed } from './families/messenger.ts';
import { canonicalise, detectType } from './selector.ts';
import { isSelectorType, type SelectorType } from './selector-types.ts';
import { type Canonical, type CanonicaliseOptions, refused } from './verdict.ts';

/** A type as columns and other systems name it: `ip` and `hash` are settled by the value, `auto` by detection. */
export type TypeName = SelectorType | 'ip' | 'hash' | 'auto';

/** Names in lower case without separators. The MISP attribute types are among them. */
const NAMES: Readonly<Record<TypeName, string>> = {
  ip: 'ip|ips|ipaddr|ipaddress|ipaddresses|ipsrc|ipdst|ipv4addr|ipv6addr|hostip',
  ipv4: 'ipv4address|ip4',
  ipv6: 'ipv6address|ip6',
  cidr: 'iprange|netblock|network|subnet|range',
  domain: 'domainname|domains|hostname|host|fqdn|host name|website|โดเมน',
  url: 'urls|uri|link|weblink|webaddress|ลิงก์|pautan',
  email: 'emails|emailaddr|emailaddress|mail|emailsrc|emaildst|อีเมล|emel',
  hash: 'hashes|filehash|digest',
  md5: 'md5hash|filehashmd5',
  sha1: 'sha1hash|filehashsha1',
  sha224: 'filehashsha224',
  sha256: 'sha256hash|filehashsha256',
  sha384: 'filehashsha384',
  sha512: 'filehashsha512',
  phone:
    'phonenumber|phoneno|telephone|tel|mobile|mobilenumber|msisdn|เบอร์โทร|เบอร์โทรศัพท์|โทรศัพท์|nomortelepon|sốđiệnthoại|telefon',
  crypto:
    'wallet|walletaddress|cryptoaddress|cryptowallet|cryptocurrencywallet|cryptocurrency|btc|eth|xmr|dash|usdt|trx|bitcoin|coinaddress',
  iban: '',
  'bank-account':
    'account|accountnumber|accountno|bankaccountnr|bankaccountnumber|acct|บัญชี|เลขที่บัญชี|บัญชีธนาคาร|rekening|norekening|akaun|noakaun|sốtàikhoản',
  messenger:
    'messengeraccount|useraccount|socialaccount|telegram|whatsapp|line|zalo|wechat|viber|telegramaccount',
  other: 'text|free text|misc',
  auto: '',
};

const byName = new Map<string, TypeName>();
for (const [type, names] of Object.entries(NAMES)) {
  if (!isTypeName(type)) continue;
  for (const name of [type, ...names.split('|')]) if (name !== '') byName.set(plain(name), type);
}

/** `Domain`, `ip-dst`, `SHA-256`, `Bank account`, `เบอร์โทร` … `null` when no type is called that. */
export function readTypeName(text: string): TypeName | null {
  return byName.get(plain(text)) ?? null;
}

/** Settles `ip`, `hash` and `auto` by the value, then reads it. A messenger's own name gives the platform. [IN-31] */
export function canonicaliseAs(
  name: TypeName,
  raw: string,
  options: CanonicaliseOptions & { named?: string },
): Canonical {
  if (name === 'ip')
    return canonicalise(raw.includes('/') && !raw.includes('[/]') ? 'cidr' : 'ipv4', raw, options);
  if (name === 'hash') return canonicalise(hashType(raw), raw, options);
  if (name === 'auto') return canonicaliseUntyped(raw, options);
  if (NETWORK.has(name)) return canonicaliseNetwork(name, raw, options);
  const platform = name === 'messenger' ? platformNamed(options.named ?? '') : null;
  return canonicalise(
    name,
    raw,
    platform && options.platform === undefined ? { ...options, platform } : options,
  );
}

const NETWORK: ReadonlySet<TypeName> = new Set(['ipv4', 'ipv6', 'cidr', 'domain', 'url']);

/** Lists of "domains" hold addresses and URLs too: what the value plainly is wins over the label. */
function canonicaliseNetwork(name: SelectorType, raw: string, options: CanonicaliseOptions): Canonical {
  const canonical = canonicalise(name, raw, options);
  if (canonical.ok || canonical.code !== 'invalid') return canonical;
  const type = detectType(raw);
  if (type === null || !NETWORK.has(type)) return canonical;
  const detected = canonicalise(type, raw, options);
  return detected.ok ? { ...detected, notes: [...detected.notes, 'retyped'] } : canonical;
}

function canonicaliseUntyped(raw: string, options: CanonicaliseOptions): Canonical {
  const type = detectType(raw);
  if (type) return canonicalise(type, raw, options);
  return refused('ambiguous', 'The type cannot be told from the value.', 'Add a column that names the type.');
}

function hashType(raw: string): HashType {
  return hashOfLength(raw.trim().length) ?? 'sha256';
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_./()-]/g, '');
}

function isTypeName(text: string): text is TypeName {
  return isSelectorType(text) || text === 'ip' || text === 'hash' || text === 'auto';
}
