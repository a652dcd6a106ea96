import { z } from 'zod';

import { command, desk, deskId, line, officerId, person } from './common.ts';
import { call, publicCall } from './contract.ts';

const email = z.email().max(254).toLowerCase();
const secretLine = z.string().min(1).max(200);
const totpCode = z.string().regex(/^[0-9]{6}$/, 'six digits');
/** 256 bits, base64url. Travels in the URL fragment, so no server or proxy logs it. */
const linkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not an enrolment token');

const me = person.extend({
  email: z.string(),
  deskName: z.string(),
  deskKind: z.enum(['police', 'partner']),
  hostAdministrator: z.boolean(),
  sessionEndsAt: z.string(),
});
export type Me = z.output<typeof me>;

export const hubInfo = publicCall({
  name: 'hub.info',
  about: 'What a page needs before anybody is signed in.',
  method: 'GET',
  path: '/hub',
  body: z.object({}),
  reply: z.object({
    name: z.string(),
    mode: z.enum(['live', 'exercise']),
    version: z.string(),
    /** Only in exercise mode: who can be signed in with one click. */
    cast: z.array(
      z.object({
        handle: z.string(),
        name: z.string(),
        desk: z.string(),
        country: z.string(),
        role: z.string(),
      }),
    ),
  }),
});

export const signIn = publicCall({
  name: 'identity.sign-in',
  about: 'E-mail, password and a time-based code; sets the session cookie.',
  method: 'POST',
  path: '/sign-in',
  body: z.object({ email, password: secretLine, code: totpCode }),
  reply: me,
  records: ['session.started', 'session.refused'],
});

export const exerciseSignIn = publicCall({
  name: 'exercise.sign-in',
  about: 'Exercise mode only: become one of the cast.',
  method: 'POST',
  path: '/exercise/sign-in',
  body: z.object({ officer: line(40) }),
  reply: me,
  records: ['session.started'],
});

export const whoAmI = call({
  name: 'identity.me',
  about: 'Who is signed in.',
  method: 'GET',
  path: '/me',
  needs: 'signed-in',
  body: z.object({}),
  reply: me,
});

export const signOut = call({
  name: 'identity.sign-out',
  about: 'Ends this session and every socket of it, on every node.',
  method: 'POST',
  path: '/sign-out',
  needs: 'signed-in',
  body: z.object({ ...command }),
  reply: z.object({}),
  records: ['session.ended'],
});

export const readEnrolment = publicCall({
  name: 'enrolment.read',
  about: 'What an enrolment link is for, and the second factor it will set up.',
  method: 'POST',
  path: '/enrolment/read',
  body: z.object({ token: linkToken }),
  reply: z.object({
    purpose: z.enum(['first-administrator', 'officer']),
    name: z.string(),
    email: z.string(),
    desk: z.string(),
    expiresAt: z.string(),
    totp: z.object({ secret: z.string(), uri: z.string() }),
  }),
});

export const enrol = publicCall({
  name: 'enrolment.complete',
  about: 'Uses an enrolment link up: sets the password and proves the second factor; signs in.',
  method: 'POST',
  path: '/enrolment/complete',
  body: z.object({
    token: linkToken,
    /** Asked only of the first administrator; an officer's are given by who enrolled them. */
    name: line(80).optional(),
    email: email.optional(),
    password: secretLine,
    code: totpCode,
  }),
  reply: me,
  records: ['officer.enrolled', 'session.started'],
});

const officerRow = z.object({
  id: officerId,
  name: z.string(),
  email: z.string(),
  handle: z.string(),
  desk: z.string(),
  country: z.string(),
  state: z.enum(['invited', 'active']),
  hostAdministrator: z.boolean(),
});

export const listPeople = call({
  name: 'admin.people',
  about: 'All desks and officers of the hub.',
  method: 'GET',
  path: '/admin/people',
  needs: 'host-administrator',
  body: z.object({}),
  reply: z.object({ desks: z.array(desk), officers: z.array(officerRow) }),
});

export const addDesk = call({
  name: 'admin.add-desk',
  about: 'Adds a national desk or a partner.',
  method: 'POST',
  path: '/admin/desks',
  needs: 'host-administrator',
  body: z.object({
    ...command,
    code: z.string().regex(/^[A-Z0-9-]{2,12}$/, '2 to 12 capitals, digits or hyphens'),
    name: line(80),
    country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code'),
    kind: z.enum(['police', 'partner']),
  }),
  reply: desk,
  records: ['desk.added'],
});

const link = z.object({ officer: officerId, token: z.string(), expiresAt: z.string() });

export const addOfficer = call({
  name: 'admin.add-officer',
  about: 'Adds an officer to a desk and issues the one-time link they enrol with.',
  method: 'POST',
  path: '/admin/officers',
  needs: 'host-administrator',
  body: z.object({ ...command, deskId, name: line(80), email }),
  reply: link,
  secretReply: true,
  records: ['officer.added', 'enrolment.issued'],
});

export const issueEnrolment = call({
  name: 'admin.issue-enrolment',
  about: 'A new link after a lost password or second factor; ends the sessions of that officer.',
  method: 'POST',
  path: '/admin/officers/:officerId/enrolment',
  needs: 'host-administrator',
  body: z.object({ ...command, officerId }),
  reply: link,
  secretReply: true,
  records: ['enrolment.issued'],
});
