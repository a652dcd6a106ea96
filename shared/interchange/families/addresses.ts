import ipaddr from 'ipaddr.js';
import { refang } from '../defang.ts';
import { foldText } from '../fold.ts';
import { accepted, type Canonical, type Refused, refused } from '../verdict.ts';

const OCTETS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** RFC 5952 text. `/32` and `/128` are dropped, a shorter prefix makes it a range, zone ids are dropped. [IN-10] */
export function canonicaliseIp(raw: string): Canonical {
  const { address, prefix } = split(raw);
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed;
  if (prefix === null || prefix === String(parsed.bits)) {
    return accepted({ type: parsed.bits === 32 ? 'ipv4' : 'ipv6', value: parsed.text });
  }
  const range = toRange(parsed, prefix);
  return range.ok ? { ...range, notes: ['retyped', ...range.notes] } : range;
}

/** Network address and prefix; host bits are cleared and a remark says so. A whole-address prefix is a single address. [IN-10] */
export function canonicaliseCidr(raw: string): Canonical {
  const { address, prefix } = split(raw);
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed;
  if (prefix === null) return refused('invalid', 'A range needs a prefix length, such as /24.');
  return toRange(parsed, prefix);
}

type Address = {
  readonly ok: true;
  readonly bits: 32 | 128;
  readonly text: string;
  readonly bytes: number[];
};

function split(raw: string): { address: string; prefix: string | null } {
  const text = refang(foldText(raw)).trim();
  const slash = text.indexOf('/');
  if (slash < 0) return { address: text, prefix: null };
  return { address: text.slice(0, slash), prefix: text.slice(slash + 1) };
}

function parseAddress(text: string): Address | Refused {
  if (text.includes(':')) return parseV6(text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/s, ''));
  if (!OCTETS.test(text)) return refused('invalid', 'This is not an IP address.');
  const octets = text.split('.');
  if (octets.some((octet) => octet.length > 1 && octet.startsWith('0'))) {
    return refused('ambiguous-leading-zero', 'A part begins with 0: some programs read it as octal.');
  }
  const bytes = octets.map(Number);
  if (bytes.some((byte) => byte > 255)) return refused('invalid', 'A part of the address is above 255.');
  return { ok: true, bits: 32, text: bytes.join('.'), bytes };
}

function parseV6(text: string): Address | Refused {
  if (text.length > 45 || !/^[0-9a-f:.]+$/i.test(text) || !ipaddr.IPv6.isValid(text)) {
    return refused('invalid', 'This is not an IPv6 address.');
  }
  const address = ipaddr.IPv6.parse(text);
  return { ok: true, bits: 128, text: address.toRFC5952String(), bytes: address.toByteArray() };
}

function toRange(address: Address, prefix: string): Canonical {
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (length < 0 || length > address.bits) {
    return refused('invalid', `The prefix length must be 0 to ${address.bits}.`);
  }
  if (length === address.bits) {
    return accepted({ type: address.bits === 32 ? 'ipv4' : 'ipv6', value: address.text, notes: ['retyped'] });
  }
  const network = address.bytes.map((byte, at) => byte & mask(length - at * 8));
  const cleared = network.some((byte, at) => byte !== address.bytes[at]);
  const text = address.bits === 32 ? network.join('.') : new ipaddr.IPv6(network).toRFC5952String();
  return accepted({ type: 'cidr', value: `${text}/${length}`, notes: cleared ? ['host-bits-cleared'] : [] });
}

function mask(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}
