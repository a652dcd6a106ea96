import type { Selector, SelectorMeta } from '../../selector-types.ts';
import { parsePattern } from './parse-pattern.ts';

type Equality = readonly [path: string, value: string];

/** The STIX pattern that looks for one selector, and reads back as that selector. [IN-45] */
export function patternOf(selector: Selector): string {
  return `[${equalities(selector)
    .map(([path, value]) => `${path} = '${escaped(value)}'`)
    .join(' AND ')}${portOf(selector)}]`;
}

function equalities({ type, value, meta = {} }: Selector): readonly Equality[] {
  switch (type) {
    case 'ipv4':
    case 'ipv6':
    case 'domain':
      return meta.port === undefined
        ? [[addressPath(type), value]]
        : [['network-traffic:dst_ref.value', value]];
    case 'cidr':
      return [[value.includes(':') ? 'ipv6-addr:value' : 'ipv4-addr:value', value]];
    case 'url':
      return [['url:value', value]];
    case 'email':
      return [['email-addr:value', value]];
    case 'md5':
      return [['file:hashes.MD5', value]];
    case 'sha1':
    case 'sha224':
    case 'sha256':
    case 'sha384':
    case 'sha512':
      return [[`file:hashes.'SHA-${type.slice(3)}'`, value]];
    case 'phone':
      return [['phone-number:value', value]];
    case 'crypto':
      return [['cryptocurrency-wallet:value', value]];
    case 'iban':
      return [['bank-account:iban', value]];
    case 'bank-account':
      return bankEqualities(value, meta);
    case 'messenger':
      return [
        ['user-account:account_type', meta.platform ?? ''],
        ['user-account:account_login', value],
      ];
    case 'other':
      return [[otherPath(meta.path), value]];
  }
}

function addressPath(type: 'ipv4' | 'ipv6' | 'domain'): string {
  return type === 'domain' ? 'domain-name:value' : `${type}-addr:value`;
}

function bankEqualities(value: string, meta: SelectorMeta): readonly Equality[] {
  const said: Equality[] = [['bank-account:account_number', value]];
  if (meta.bic !== undefined) said.push(['bank-account:bic', meta.bic]);
  else if (meta.bank !== undefined) said.push(['bank-account:issuer_ref.name', meta.bank]);
  if (meta.country !== undefined) said.push(['bank-account:country_ref.country', meta.country]);
  return said;
}

function portOf({ meta }: Selector): string {
  return meta?.port !== undefined && /^\d{1,5}$/.test(meta.port)
    ? ` AND network-traffic:dst_port = ${meta.port}`
    : '';
}

/** The property a text came from, when a pattern can say it; else a type of our own. */
function otherPath(path: string | undefined): string {
  const own = 'x-muster-text:value';
  if (path === undefined) return own;
  const [object = '', rest = ''] = path.split(/:(.*)/s);
  const quoted = rest.replace(/[^.[\]]+(?=\.|\[|$)/g, (part) =>
    /^[A-Za-z_]\w*$/.test(part) ? part : `'${escaped(part)}'`,
  );
  return parsePattern(`[${object}:${quoted} = 'x']`).ok ? `${object}:${quoted}` : own;
}

function escaped(value: string): string {
  return value.replace(/[\\']/g, (char) => `\\${char}`);
}
