import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Acted, command, type Handler, query } from '#server/platform/http/commands.ts';
import { take } from '#server/platform/http/limits.ts';
import { hashToken } from '#server/platform/secrets.ts';
import { sql, type Tx } from '#server/platform/storage/store.ts';
import { authorOf } from '#server/record/author.ts';
import { exerciseSignIn, signIn, signOut, whoAmI } from '#shared/contracts/identity.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import type { Author } from '#shared/record/entry.ts';

import type { IdentityDeps } from './index.ts';
import { meOfSession, presentMe } from './presenter.ts';
import { type OfficerRow, officerByEmail, officerByHandle } from './store.ts';
import { checkTotp } from './totp.ts';

/** Tries per account and per network; a good sign-in gives the account's tries back. [AC-21] */
const perAccount = { points: 10, duration: 15 * 60 };
const perNetwork = { points: 60, duration: 15 * 60 };

export function signInHandlers(deps: IdentityDeps): Handler[] {
  const scale = deps.limitScale;
  const accounts = new RateLimiterMemory({
    keyPrefix: 'account',
    points: perAccount.points * scale,
    duration: perAccount.duration,
  });
  const networks = new RateLimiterMemory({
    keyPrefix: 'network',
    points: perNetwork.points * scale,
    duration: perNetwork.duration,
  });

  return [
    command({
      call: signIn,
      async prepare({ address }, input) {
        await take(networks, address);
        await take(accounts, `${input.email} ${address}`);
        const officer = await deps.store.read((tx) => officerByEmail(tx, input.email));
        const passwordFits = await deps.passwords.verify(officer?.password_hash ?? null, input.password);
        const step = await codeStep(deps, officer, input.code);
        if (officer === null || !passwordFits || step === null) {
          await noteFailure(deps, officer);
          throw refuse('sign-in.failed');
        }
        return { officer, step };
      },
      async act(tx, { address }, input, { officer, step }) {
        if (!(await spendStep(tx, officer.id, step))) throw refuse('sign-in.failed');
        await accounts.delete(`${input.email} ${address}`);
        return begin(deps, tx, officer, 'password+totp');
      },
    }),
    command({
      call: signOut,
      async act(tx, { session }) {
        await deps.sessions.end(tx, session.id, 'signed out');
        return {
          facts: [
            {
              kind: 'session.ended',
              object: { kind: 'officer', id: session.officer },
              compartment: null,
              body: { why: 'signed out' },
            },
          ],
          reply: {},
          cookie: null,
          afterCommit: deps.sessions.tellEnded,
        };
      },
    }),
    query({ call: whoAmI, read: async (_tx, { session }) => meOfSession(session) }),
  ];
}

/** Only bound in exercise mode. */
export function exerciseHandlers(deps: IdentityDeps): Handler[] {
  return [
    command({
      call: exerciseSignIn,
      async act(tx, _context, input) {
        const officer = await officerByHandle(tx, input.officer);
        if (officer === null)
          throw refuse('not.found', { where: 'officer', what: 'nobody in this exercise has that handle' });
        return begin(deps, tx, officer, 'exercise');
      },
    }),
  ];
}

export async function begin(
  deps: IdentityDeps,
  tx: Tx,
  officer: OfficerRow,
  amr: 'password+totp' | 'exercise',
): Promise<Acted<ReturnType<typeof presentMe>>> {
  const { token, expiresAt } = await deps.sessions.start(tx, officer, amr);
  return {
    facts: [
      {
        kind: 'session.started',
        by: authorOfOfficer(officer, hashToken(token)),
        object: { kind: 'officer', id: officer.id },
        compartment: null,
        body: { amr },
      },
    ],
    reply: presentMe(officer, expiresAt),
    cookie: token,
  };
}

export function authorOfOfficer(officer: OfficerRow, tokenHash: Buffer): Author {
  return authorOf({
    id: tokenHash.toString('base64'),
    officer: officer.id,
    officerEpoch: officer.epoch,
    name: officer.name,
    handle: officer.handle,
    email: officer.email,
    desk: { id: officer.desk_id, code: officer.desk_code, name: officer.desk_name, kind: officer.desk_kind },
    country: officer.country,
    hostAdministrator: officer.host_administrator,
    expiresAt: 0,
  });
}

async function codeStep(
  deps: IdentityDeps,
  officer: OfficerRow | null,
  code: string,
): Promise<number | null> {
  if (officer?.totp_sealed == null) return null;
  const secret = deps.secrets.unseal('totp', officer.id, officer.totp_sealed).toString('utf8');
  return checkTotp({ secret, code, lastStep: officer.totp_last_step, now: deps.clock.now() });
}

/** A code is good once, on whichever node it arrives first. */
async function spendStep(tx: Tx, officer: OfficerId, step: number): Promise<boolean> {
  const used =
    await sql`update officers set totp_last_step = ${step} where id = ${officer} and totp_last_step < ${step} returning 1`.execute(
      tx,
    );
  return used.rows.length === 1;
}

/** Noted under the officer it was aimed at; a wrong address is nobody's and goes to the metrics only. */
async function noteFailure(deps: IdentityDeps, officer: OfficerRow | null): Promise<void> {
  if (officer === null) return;
  deps.noteFailedSignIn(officer.id);
}
