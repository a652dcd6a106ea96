import type { IncomingHttpHeaders } from 'node:http';

/** The `__Host-` prefix makes browsers insist on Secure, Path=/ and no Domain. Browsers keep it on http://localhost too. */
export const sessionCookie = '__Host-muster';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The session token, or `null` when there is none or it cannot be one. */
export function readSessionCookie(headers: IncomingHttpHeaders): string | null {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=').map((part) => part.trim());
    if (name === sessionCookie && value !== undefined && TOKEN.test(value)) return value;
  }
  return null;
}

export function sessionCookieHeader(token: string | null): string {
  const rest = 'Path=/; Secure; HttpOnly; SameSite=Strict';
  return token === null ? `${sessionCookie}=; Max-Age=0; ${rest}` : `${sessionCookie}=${token}; ${rest}`;
}
