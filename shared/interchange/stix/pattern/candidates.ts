import { type HashType, hashLengths } from '../../families/hashes.ts';
import { canonicaliseOther } from '../../families/other.ts';
import { canonicalise } from '../../selector.ts';
import type { Selector } from '../../selector-types.ts';
import { canonicaliseAs, type TypeName } from '../../type-names.ts';
import type { Canonical, CanonicaliseOptions } from '../../verdict.ts';

/** A value found in a pattern or an observable, with what its neighbours say about it. Not yet checked. */
export type Candidate = {
  readonly type: TypeName;
  readonly raw: string;
  readonly options?: CanonicaliseOptions;
  /** Property it came from, when it is of no type of ours. */
  readonly path?: string;
  readonly port?: string;
};

export function readCandidate(candidate: Candidate, defaults: CanonicaliseOptions): Canonical {
  const { type, raw, path, port } = candidate;
  const options = { ...defaults, ...candidate.options };
  if (type === 'other') return canonicaliseOther(raw, path);
  const canonical = type === 'phone' ? readPhone(raw, options) : canonicaliseAs(type, raw, options);
  return canonical.ok && port !== undefined
    ? { ...canonical, selector: withPort(canonical.selector, port) }
    : canonical;
}

/** Other systems write E.164 without its plus sign. */
function readPhone(raw: string, options: CanonicaliseOptions): Canonical {
  const given = canonicalise('phone', raw, options);
  if (given.ok || !/^[1-9]\d{6,14}$/.test(raw)) return given;
  const international = canonicalise('phone', `+${raw}`, options);
  return international.ok ? international : given;
}

function withPort(selector: Selector, port: string): Selector {
  return { ...selector, meta: { ...selector.meta, port } };
}

/** `MD5`, `SHA-256`, `sha256` … `null` for hashes that are not kept. */
export function hashTypeNamed(name: string): HashType | null {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const type of ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const) {
    if (plain === type && hashLengths[type]) return type;
  }
  return null;
}

/** Properties that hold one value of one type, as `object:path`. */
export const pathTypes: Readonly<Record<string, TypeName>> = {
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'domain-name:value': 'domain',
  'domain-name:resolves_to_refs[*].value': 'domain',
  'hostname:value': 'domain',
  'url:value': 'url',
  'email-addr:value': 'email',
  'email-message:from_ref.value': 'email',
  'email-message:sender_ref.value': 'email',
  'email-message:to_refs[*].value': 'email',
  'network-traffic:dst_ref.value': 'domain',
  'network-traffic:src_ref.value': 'domain',
  'phone-number:value': 'phone',
  'cryptocurrency-wallet:value': 'crypto',
  'cryptocurrency-wallet:address': 'crypto',
  'bank-account:iban': 'iban',
  'bank-account:account_number': 'bank-account',
  'x-muster-text:value': 'other',
};
