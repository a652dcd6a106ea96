import type { Authenticate, HeldSessions, HoldSessions, Session } from '#server/platform/access.ts';
import type { Bus } from '#server/platform/bus/bus.ts';
import { readSessionCookie } from '#server/platform/http/cookie.ts';
import { hashToken, newToken } from '#server/platform/secrets.ts';
import { anyLength, oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { every } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';
import type { DeskKind } from '#shared/policy/can.ts';

const HOUR = 3_600_000;
/** Officers: 12 hours in all, 30 minutes without input. Input is a call or a change, not a heartbeat. */
const ABSOLUTE = 12 * HOUR;
const IDLE = HOUR / 2;
const TOUCH = 60_000;
/** How late, at worst, a socket hears of its session's end when the bus is silent: it is to be closed within a second. */
const SWEEP = 500;
const CHANNEL = 'sessions';

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
};

export type Sessions = {
  readonly authenticate: Authenticate;
  readonly hold: HoldSessions;
  readonly held: HeldSessions;
  /** Starts one inside `tx`; the token goes into the cookie and nowhere else. */
  start(
    tx: Tx,
    officer: { id: OfficerId; epoch: number },
    amr: 'password+totp' | 'exercise',
  ): Promise<{ token: string; expiresAt: number }>;
  end(tx: Tx, sessionId: string, why: string): Promise<void>;
  endAllOf(tx: Tx, officer: OfficerId, why: string): Promise<void>;
  /** After the commit: sockets of ended sessions close, here and on every node. */
  tellEnded(): void;
  /** Calls `onEnd` once when the session has ended or expired. */
  watch(session: Session, onEnd: () => void): () => void;
  /** The officer did something: the idle time starts again. */
  touch(session: Session): void;
  stop(): void;
};

type SessionRow = {
  token_hash: Buffer;
  officer_id: OfficerId;
  officer_epoch: number;
  last_input_ms: number;
  expires_ms: number;
  name: string;
  handle: string;
  email: string;
  host_administrator: boolean;
  desk_id: DeskId;
  desk_code: string;
  desk_name: string;
  desk_kind: DeskKind;
  country: string;
};

export async function openSessions({ store, bus, clock, random, onError }: Deps): Promise<Sessions> {
  const watched = new Map<string, Set<() => void>>();
  const touched = new Map<string, number>();
  const endBus = await bus.subscribe(CHANNEL, () => void sweep());
  const endSweeping = every(clock, SWEEP, sweep);

  return {
    async authenticate(request) {
      const token = readSessionCookie(request.headers);
      if (token === null) return null;
      const session = await store.read((tx) => readSession(tx, hashToken(token), clock.now()));
      return session;
    },
    hold: (tx, sessions) => hold(tx, sessions, clock.now()),
    held: (sessions) => held(sessions, clock.now()),
    async start(tx, officer, amr) {
      const { token, hash } = newToken(random);
      const now = clock.now();
      await sql`insert into sessions (token_hash, officer_id, officer_epoch, amr, started_ms, last_input_ms, expires_ms)
                values (${hash}, ${officer.id}, ${officer.epoch}, ${amr}, ${now}, ${now}, ${now + ABSOLUTE})`.execute(
        tx,
      );
      return { token, expiresAt: now + ABSOLUTE };
    },
    async end(tx, sessionId, why) {
      await sql`update sessions set ended_ms = ${clock.now()}, ended_why = ${why}
                where token_hash = ${Buffer.from(sessionId, 'base64')} and ended_ms is null`.execute(tx);
    },
    async endAllOf(tx, officer, why) {
      await sql`update officers set epoch = epoch + 1 where id = ${officer}`.execute(tx);
      await sql`update sessions set ended_ms = ${clock.now()}, ended_why = ${why}
                where officer_id = ${officer} and ended_ms is null`.execute(tx);
    },
    tellEnded() {
      void sweep();
      bus.publish(CHANNEL, {});
    },
    watch(session, onEnd) {
      const watchers = watched.get(session.id) ?? new Set();
      watched.set(session.id, watchers);
      watchers.add(onEnd);
      return () => {
        watchers.delete(onEnd);
        if (watchers.size === 0) watched.delete(session.id);
      };
    },
    touch(session) {
      const now = clock.now();
      if (now - (touched.get(session.id) ?? 0) < TOUCH) return;
      touched.set(session.id, now);
      store.write((tx) => touchRow(tx, session.id, now)).catch(onError);
    },
    stop() {
      endSweeping();
      endBus();
    },
  };

  /** Asks the store which of the watched sessions still hold, and ends the others. Fails open for one period only. */
  async function sweep(): Promise<void> {
    if (watched.size === 0) return;
    const ids = [...watched.keys()];
    try {
      const alive = await store.read((tx) => stillAlive(tx, ids, clock.now()));
      for (const id of ids) if (!alive.has(id)) finish(id);
    } catch (error) {
      onError(error);
    }
  }

  function finish(id: string): void {
    const watchers = watched.get(id) ?? [];
    watched.delete(id);
    touched.delete(id);
    for (const onEnd of watchers) onEnd();
  }
}

async function touchRow(tx: Tx, id: string, now: number): Promise<void> {
  await sql`update sessions set last_input_ms = ${now} where token_hash = ${Buffer.from(id, 'base64')} and ended_ms is null`.execute(
    tx,
  );
}

const aliveAt = (now: number) =>
  sql`s.ended_ms is null and s.expires_ms > ${now} and s.last_input_ms > ${now - IDLE} and s.officer_epoch = o.epoch`;

async function readSession(tx: Tx, hash: Buffer, now: number): Promise<Session | null> {
  const row = await oneRow<SessionRow>(
    tx,
    sql`select s.token_hash, s.officer_id, s.officer_epoch, s.last_input_ms, s.expires_ms, o.name, o.handle, o.email,
               o.host_administrator, d.id as desk_id, d.code as desk_code, d.name as desk_name, d.kind as desk_kind, d.country
        from sessions s join officers o on o.id = s.officer_id join desks d on d.id = o.desk_id
        where s.token_hash = ${hash} and ${aliveAt(now)}`,
  );
  return row === null ? null : present(row);
}

function present(row: SessionRow): Session {
  return {
    id: base64(row.token_hash),
    officer: row.officer_id,
    officerEpoch: row.officer_epoch,
    name: row.name,
    handle: row.handle,
    email: row.email,
    desk: { id: row.desk_id, code: row.desk_code, name: row.desk_name, kind: row.desk_kind },
    country: row.country,
    hostAdministrator: row.host_administrator,
    expiresAt: row.expires_ms,
  };
}

/** Row locks: an end of the session, or a move of the officer's epoch, waits for `tx` or is seen by it. [AC-6] */
async function hold(tx: Tx, sessions: readonly Session[], now: number): Promise<ReadonlySet<string>> {
  const ids = [...new Set(sessions.map(({ id }) => id))];
  const held = await rows<{ token_hash: Buffer; officer_epoch: number }>(
    tx,
    sql`select s.token_hash, s.officer_epoch from sessions s join officers o on o.id = s.officer_id
        where s.token_hash = any(${ids.map((id) => Buffer.from(id, 'base64'))}::bytea[]) and ${aliveAt(now)}
        for share of s, o`,
  );
  const alive = new Map(held.map((row) => [base64(row.token_hash), row.officer_epoch]));
  return new Set(
    sessions.filter(({ id, officerEpoch }) => alive.get(id) !== officerEpoch).map(({ id }) => id),
  );
}

function held(sessions: readonly Session[], now: number): ReturnType<HeldSessions> {
  const tokens = sessions.map(({ id }) => Buffer.from(id, 'base64'));
  const epochs = sessions.map(({ officerEpoch }) => officerEpoch);
  return sql`select given.place
             from unnest(${anyLength(tokens, 'bytea')}, ${anyLength(epochs, 'bigint')}) with ordinality as given (token, epoch, place)
             join sessions s on s.token_hash = given.token and s.officer_epoch = given.epoch
             join officers o on o.id = s.officer_id
             where ${aliveAt(now)}
             for share of s, o skip locked`;
}

async function stillAlive(tx: Tx, ids: readonly string[], now: number): Promise<ReadonlySet<string>> {
  const alive = await rows<{ token_hash: Buffer }>(
    tx,
    sql`select s.token_hash from sessions s join officers o on o.id = s.officer_id
        where s.token_hash = any(${ids.map((id) => Buffer.from(id, 'base64'))}::bytea[]) and ${aliveAt(now)}`,
  );
  return new Set(alive.map((row) => base64(row.token_hash)));
}
