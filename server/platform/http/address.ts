import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * Who sent a request that Express never sees, an upgrade: as its `request.ip`, the address beyond as many proxies as
 * are trusted, or the farthest that is named.
 */
export function addressOf(request: IncomingMessage, trustProxy: number): string | undefined {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
    .reverse();
  const path = [request.socket.remoteAddress, ...forwarded];
  return path[Math.min(trustProxy, path.length - 1)];
}

/** The network a caller comes from: an IPv4 /24 or an IPv6 /64, so that rotating addresses does not reset a limit. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = address.replace(/^::ffff:/i, '');
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIPv6(address)) return `${expand(address).slice(0, 4).join(':')}::/64`;
  return 'unknown';
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].map((group) => group.toLowerCase());
}
