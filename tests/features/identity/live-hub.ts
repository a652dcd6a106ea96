import { generate } from 'otplib';

import type { Me } from '#shared/contracts/identity.ts';
import { FakeClock } from '#tests/support/clock.ts';
import { type HubOptions, startHub, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

export const goodPassword = 'seven grey herons on a wire';
const STEP = 30_000;

/** Somebody who has enrolled: what they know and what their device shows. */
export type Enrolled = {
  readonly officer: TestOfficer;
  readonly me: Me;
  readonly email: string;
  readonly secret: string;
  /** A code that has not been used: the device waits for the next step. */
  nextCode(): Promise<string>;
};

export type LiveHub = TestHub & {
  readonly clock: FakeClock;
  readonly administrator: Enrolled;
  codeFor(secret: string): Promise<string>;
  /** A new officer of a new desk, with the link they were given. */
  invite(name: string): Promise<{ token: string; email: string; id: string }>;
  enrol(token: string, given?: object): Promise<Enrolled>;
};

export async function startLiveHub(options: HubOptions = {}): Promise<LiveHub> {
  const clock = new FakeClock();
  const hub = await startHub({ mode: 'live', clock, ...options });
  const codeFor = (secret: string) => generate({ secret, epoch: Math.floor(clock.now() / 1000) });
  const link = await hub.hub.firstLink();
  if (link === null) throw new Error('a new hub without a first link');
  let desks = 0;

  async function enrol(token: string, given: object = {}): Promise<Enrolled> {
    const officer = hub.stranger();
    const read = await officer.must<{ email: string; totp: { secret: string } }>('POST', '/enrolment/read', {
      token,
    });
    const { secret } = read.totp;
    const body = { token, password: goodPassword, code: await codeFor(secret), ...given };
    const me = await officer.must<Me>('POST', '/enrolment/complete', body);
    return {
      officer,
      me,
      email: me.email,
      secret,
      nextCode() {
        clock.advance(STEP);
        return codeFor(secret);
      },
    };
  }

  const administrator = await enrol(link.token, { name: 'Ines Host', email: 'ines@host.example' });
  return {
    ...hub,
    clock,
    administrator,
    codeFor,
    enrol,
    async invite(name) {
      desks += 1;
      const desk = await administrator.officer.must<{ id: string }>('POST', '/admin/desks', {
        code: `TEST-${desks}`,
        name: `Test desk ${desks}`,
        country: 'PT',
        kind: 'police',
      });
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@test.example`;
      const added = await administrator.officer.must<{ officer: string; token: string }>(
        'POST',
        '/admin/officers',
        {
          deskId: desk.id,
          name,
          email,
        },
      );
      return { token: added.token, email, id: added.officer };
    },
  };
}
