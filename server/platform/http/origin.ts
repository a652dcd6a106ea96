import type { IncomingHttpHeaders } from 'node:http';

import { refuse } from '#shared/kernel/failures.ts';

export type OriginRule = {
  /** Exact origins, `https://muster.example`. */
  readonly allowed: ReadonlySet<string>;
};

/**
 * Keeps other sites' pages out. A request with a cookie, or one that changes anything, needs an allowed Origin; one
 * without a cookie may lack it (a script before sign-in). [AC-12]
 */
export function checkOrigin(
  rule: OriginRule,
  headers: IncomingHttpHeaders,
  needs: 'origin' | 'same-site',
): void {
  const { origin } = headers;
  if (origin !== undefined) {
    if (!rule.allowed.has(origin)) throw refuse('origin.refused', { where: 'Origin' });
    return;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw refuse('origin.refused', { where: 'Sec-Fetch-Site' });
  if (needs === 'origin' && headers.cookie !== undefined) {
    throw refuse('origin.refused', { where: 'Origin', what: 'a request with a cookie states its Origin' });
  }
}
