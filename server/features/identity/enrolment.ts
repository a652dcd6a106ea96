import { command, type Handler, type NewFact, query } from '#server/platform/http/commands.ts';
import { hashToken, newToken } from '#server/platform/secrets.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { authorOf, theHub } from '#server/record/author.ts';
import { enrol, readEnrolment } from '#shared/contracts/identity.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';

import type { IdentityDeps } from './index.ts';
import { checkPassword } from './passwords.ts';
import { begin } from './sign-in.ts';
import { freeHandle, insertDesk, insertOfficer, type OfficerRow, officerById } from './store.ts';
import { checkTotp, newTotpSecret, totpUri } from './totp.ts';

/** The administrator's link is printed and used at once; an officer's is carried to them. */
const FIRST_LIFETIME = 3_600_000;
const OFFICER_LIFETIME = 72 * 3_600_000;

type EnrolmentRow = {
  token_hash: Buffer;
  purpose: 'first-administrator' | 'officer';
  officer_id: OfficerId | null;
  totp_sealed: Buffer;
  expires_ms: number;
};

export type IssuedLink = { readonly token: string; readonly expiresAt: number };

/** Issues a one-time link; earlier ones for the same officer are spent. The token itself is stored nowhere. */
export async function issueLink(deps: IdentityDeps, tx: Tx, officer: OfficerId | null): Promise<IssuedLink> {
  const { token, hash } = newToken(deps.random);
  const now = deps.clock.now();
  const expiresAt = now + (officer === null ? FIRST_LIFETIME : OFFICER_LIFETIME);
  const sealed = deps.secrets.seal(
    'enrolment',
    hash.toString('hex'),
    Buffer.from(newTotpSecret(deps.random)),
  );
  await sql`update enrolments set used_ms = ${now} where used_ms is null and officer_id is not distinct from ${officer}`.execute(
    tx,
  );
  await sql`insert into enrolments (token_hash, purpose, officer_id, totp_sealed, expires_ms)
            values (${hash}, ${officer === null ? 'first-administrator' : 'officer'}, ${officer}, ${sealed}, ${expiresAt})`.execute(
    tx,
  );
  return { token, expiresAt };
}

/** Whether anybody can administer this hub yet. */
export async function hasAdministrator(tx: Tx): Promise<boolean> {
  const found = await rows(
    tx,
    sql`select 1 from officers where host_administrator and password_hash is not null limit 1`,
  );
  return found.length > 0;
}

export function enrolmentHandlers(deps: IdentityDeps): Handler[] {
  return [
    query({
      call: readEnrolment,
      async read(tx, { now }, input) {
        const row = await openLink(tx, input.token, now);
        const officer = row.officer_id === null ? null : await officerById(tx, row.officer_id);
        const secret = secretOf(deps, row);
        return {
          purpose: row.purpose,
          name: officer?.name ?? '',
          email: officer?.email ?? '',
          desk: officer?.desk_name ?? '',
          expiresAt: isoTime(row.expires_ms),
          totp: { secret, uri: totpUri(secret, officer?.email ?? 'host administrator') },
        };
      },
    }),
    command({
      call: enrol,
      async prepare({ now }, input) {
        const { row, officer } = await deps.store.read(async (tx) => {
          const found = await openLink(tx, input.token, now);
          return {
            row: found,
            officer: found.officer_id === null ? null : await officerById(tx, found.officer_id),
          };
        });
        const name = officer?.name ?? required(input.name, 'name');
        const email = officer?.email ?? required(input.email, 'email');
        checkPassword(input.password, `${name} ${email}`.split(/[\s.@_-]+/));
        const secret = secretOf(deps, row);
        const step = await checkTotp({ secret, code: input.code, lastStep: 0, now });
        if (step === null)
          throw refuse('sign-in.failed', {
            where: 'code',
            what: 'the code does not fit; check the time of your device',
          });
        return { name, email, secret, step, passwordHash: await deps.passwords.hash(input.password) };
      },
      async act(tx, { now }, input, prepared) {
        const row = await openLink(tx, input.token, now, 'for update');
        const id = row.officer_id ?? (await firstAdministrator(deps, tx, prepared));
        await sql`update enrolments set used_ms = ${now} where token_hash = ${row.token_hash}`.execute(tx);
        await deps.sessions.endAllOf(tx, id, 'enrolled again');
        const sealed = deps.secrets.seal('totp', id, Buffer.from(prepared.secret));
        await sql`update officers set password_hash = ${prepared.passwordHash}, totp_sealed = ${sealed},
                  totp_last_step = ${prepared.step} where id = ${id}`.execute(tx);
        const officer = await officerById(tx, id);
        invariant(officer !== null, 'an enrolled officer who is not there');
        const begun = await begin(deps, tx, officer, 'password+totp');
        return {
          ...begun,
          facts: [enrolled(officer, row), ...begun.facts],
          afterCommit: deps.sessions.tellEnded,
        };
      },
    }),
  ];
}

function enrolled(officer: OfficerRow, row: EnrolmentRow): NewFact {
  return {
    kind: 'officer.enrolled',
    by: row.purpose === 'officer' ? authorOf(null) : theHub,
    object: { kind: 'officer', id: officer.id },
    compartment: null,
    body: { purpose: row.purpose },
  };
}

async function openLink(
  tx: Tx,
  token: string,
  now: number,
  lock: 'for update' | '' = '',
): Promise<EnrolmentRow> {
  const row = await oneRow<EnrolmentRow>(
    tx,
    sql`select token_hash, purpose, officer_id, totp_sealed, expires_ms from enrolments
        where token_hash = ${hashToken(token)} and used_ms is null and expires_ms > ${now} ${sql.raw(lock)}`,
  );
  if (row === null) throw refuse('enrolment.invalid');
  return row;
}

function secretOf(deps: IdentityDeps, row: EnrolmentRow): string {
  return deps.secrets.unseal('enrolment', row.token_hash.toString('hex'), row.totp_sealed).toString('utf8');
}

/** The host's own desk comes with its administrator. `ZZ` is ISO 3166's code for no country. */
async function firstAdministrator(
  deps: IdentityDeps,
  tx: Tx,
  given: { name: string; email: string },
): Promise<OfficerId> {
  if (await hasAdministrator(tx)) throw refuse('enrolment.invalid');
  const deskId = newId<DeskId>(deps.random);
  const now = deps.clock.now();
  await insertDesk(
    tx,
    { id: deskId, code: 'HOST', name: 'Host of the hub', country: 'ZZ', kind: 'police' },
    now,
  );
  const id = newId<OfficerId>(deps.random);
  const handle = await freeHandle(tx, given.name);
  await insertOfficer(
    tx,
    { id, deskId, handle, name: given.name, email: given.email, hostAdministrator: true },
    now,
  );
  return id;
}

function required(value: string | undefined, where: string): string {
  if (value === undefined) throw refuse('bad.request', { where, what: 'needed for the first administrator' });
  return value;
}
