/** Every kind of indicator the register knows, with the words officers read. Adding one: a row here and a function in `families/`. */
export const selectorTypes = [
  { type: 'ipv4', label: 'IPv4 address' },
  { type: 'ipv6', label: 'IPv6 address' },
  { type: 'cidr', label: 'IP range' },
  { type: 'domain', label: 'Domain' },
  { type: 'url', label: 'URL' },
  { type: 'email', label: 'E-mail address' },
  { type: 'md5', label: 'MD5 hash' },
  { type: 'sha1', label: 'SHA-1 hash' },
  { type: 'sha224', label: 'SHA-224 hash' },
  { type: 'sha256', label: 'SHA-256 hash' },
  { type: 'sha384', label: 'SHA-384 hash' },
  { type: 'sha512', label: 'SHA-512 hash' },
  { type: 'phone', label: 'Phone number' },
  { type: 'crypto', label: 'Crypto address' },
  { type: 'iban', label: 'IBAN' },
  { type: 'bank-account', label: 'Bank account' },
  { type: 'messenger', label: 'Messenger account' },
  { type: 'other', label: 'Other' },
] as const;
export type SelectorType = (typeof selectorTypes)[number]['type'];

/** What a selector says beside its value: chain, platform, country, bank, host … Plain words, never nested. */
export type SelectorMeta = Readonly<Record<string, string>>;

/**
 * One value that can be looked for, whoever reported it. `key` is the same for every spelling of the same thing and is
 * what indicators are merged and correlated by (except `other`, which never correlates); `value` is the canonical
 * form; `display` is for reading and is not defanged.
 */
export type Selector = {
  readonly type: SelectorType;
  readonly value: string;
  readonly display: string;
  readonly key: string;
  readonly meta?: SelectorMeta;
};

export function isSelectorType(text: unknown): text is SelectorType {
  return selectorTypes.some(({ type }) => type === text);
}

export function selectorLabel(type: SelectorType): string {
  return selectorTypes.find((row) => row.type === type)?.label ?? type;
}
