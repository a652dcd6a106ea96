import { randomBytes } from 'node:crypto';

import type { Dialect, Seat } from './dialects.ts';

/** One board, and one seat for each connection. */
export type Table = { readonly seats: readonly Seat[] };

export type Wanted = {
  readonly boards: number;
  /** Connections on each board. */
  readonly seats: number;
  /** Boards in one operation. */
  readonly boardsPerOperation: number;
};

/** Boards with as many seats each as asked for. With ours: operations, members and sessions, through its API. */
export async function layTables(base: string, dialect: Dialect, wanted: Wanted): Promise<Table[]> {
  if (dialect === 'muster') return musterTables(base, wanted);
  return Array.from({ length: wanted.boards }, () => {
    const name = `board-${randomBytes(8).toString('hex')}`;
    const seat = { path: `/${name}`, name, cookie: null };
    return { seats: Array.from({ length: wanted.seats }, () => seat) };
  });
}

/** Sockets of one officer, below the hub's limit of 64. */
const perOfficer = 60;

async function musterTables(base: string, wanted: Wanted): Promise<Table[]> {
  const { officers } = await hubInfo(base);
  const cookies = await Promise.all(officers.map((handle) => signIn(base, handle)));
  const used = cookies.map(() => 0);
  let turn = 0;
  const tables: Table[] = [];
  for (let made = 0; made < wanted.boards; made += wanted.boardsPerOperation) {
    const crew = Math.min(
      cookies.length,
      Math.max(4, Math.ceil((wanted.seats * wanted.boardsPerOperation) / 30)),
    );
    const members = Array.from({ length: crew }, (_, at) => (turn + at) % cookies.length);
    turn += crew;
    const boards = Math.min(wanted.boardsPerOperation, wanted.boards - made);
    const paths = await operation(base, { cookies, officers, members, boards });
    for (const path of paths) {
      const seats = Array.from({ length: wanted.seats }, (_, at) => {
        const officer = members[at % members.length] ?? 0;
        used[officer] = (used[officer] ?? 0) + 1;
        return { path, name: path, cookie: cookies[officer] ?? null };
      });
      tables.push({ seats });
    }
  }
  if (used.some((sockets) => sockets > perOfficer)) throw new Error('too few officers for so many sockets');
  return tables;
}

type Crew = {
  readonly cookies: readonly string[];
  readonly officers: readonly string[];
  /** Positions in the lists; the first leads. */
  readonly members: readonly number[];
  readonly boards: number;
};

/** An operation with its boards; their paths. */
async function operation(base: string, { cookies, officers, members, boards }: Crew): Promise<string[]> {
  const [lead = 0, ...others] = members;
  const call = caller(base, cookies[lead] ?? '');
  const made = await call<{ id: string }>('POST', '/operations', {
    name: 'Bench',
    purpose: 'A measurement.',
  });
  const here = `/operations/${made.id}`;
  const { officers: known } = await call<{ officers: { officer: string; handle: string }[] }>(
    'GET',
    `${here}/candidates`,
  );
  for (const other of others) {
    const officerId = known.find(({ handle }) => handle === officers[other])?.officer;
    await call('POST', `${here}/members`, { officerId, role: 'officer' });
  }
  const { compartments } = await call<{ compartments: { id: string; name: string }[] }>('GET', here);
  const compartment = compartments.find(({ name }) => name === 'main')?.id;
  const paths: string[] = [];
  for (let at = 0; at < boards; at++) {
    const board = await call<{ id: string }>('POST', `${here}/boards`, { title: `Board ${at}`, compartment });
    paths.push(`/y/${made.id}/${board.id}`);
  }
  return paths;
}

async function hubInfo(base: string): Promise<{ officers: string[] }> {
  const { cast } = await caller(base, '')<{ cast: { handle: string }[] }>('GET', '/hub');
  return { officers: cast.map(({ handle }) => handle) };
}

async function signIn(base: string, officer: string): Promise<string> {
  const response = await fetch(`${base}/api/v1/exercise/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ officer }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!response.ok || cookie === undefined) throw new Error(`no sign-in: ${await response.text()}`);
  return cookie;
}

function caller(base: string, cookie: string) {
  return async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { origin: base, cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify({ commandId: randomBytes(16).toString('hex'), ...body }) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was refused: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  };
}
