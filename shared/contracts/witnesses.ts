import { z } from 'zod';

import { cosignerKinds } from '../policy/cosigners.ts';
import { command, cursor, inOperation, person, prose, requestId, witnessId } from './common.ts';
import { call, witnessCall } from './contract.ts';

const witness = z.object({
  id: witnessId,
  /** `officer-browser` widens detection and never counts towards the quorum. */
  kind: z.enum(cosignerKinds),
  /** Code, name and country of the desk. */
  desk: z.string(),
  deskName: z.string(),
  country: z.string(),
  vkey: z.string(),
  registeredBy: person.nullable(),
  registeredAt: z.string(),
  retiredAt: z.string().nullable(),
  /** Whether the quorum that is in force counts it. */
  inQuorum: z.boolean(),
  /** The newest checkpoint it cosigned, and when by its own clock: of this record, and of the hub's own. */
  last: z.object({ size: cursor, at: z.string() }).nullable(),
  lastOfHub: z.object({ size: cursor, at: z.string() }).nullable(),
});
export type Witness = z.output<typeof witness>;

const changeRequest = z.object({
  id: requestId,
  change: z.discriminatedUnion('what', [
    z.object({ what: z.literal('retire'), witnessId }),
    z.object({ what: z.literal('quorum'), witnessIds: z.array(witnessId), need: z.number().int() }),
  ]),
  reason: z.string(),
  askedBy: person.nullable(),
  askedAt: z.string(),
  /** Afterwards the request has fallen away. */
  confirmBefore: z.string(),
});
/** What one desk has asked for and another has to confirm. */
export type ChangeRequest = z.output<typeof changeRequest>;

/** One cosignature: the text of the checkpoint, and the line `— name base64` under it. */
const cosignature = {
  checkpoint: z.string().min(1).max(400),
  line: z.string().min(1).max(400),
};

export const listWitnesses = call({
  name: 'witnesses.list',
  about: 'Who cosigns this record, what each saw last, and the quorum policy in force (C2SP tlog-policy).',
  method: 'GET',
  path: '/operations/:operationId/witnesses',
  needs: 'witness.read',
  body: z.object({ ...inOperation }),
  reply: z.object({
    asOf: cursor,
    policy: z
      .object({
        text: z.string(),
        setBy: person.nullable(),
        /** When another desk had to confirm it. */
        askedBy: person.nullable(),
        setAt: z.string(),
        number: z.number().int(),
      })
      .nullable(),
    /** One at a time. */
    request: changeRequest.nullable(),
    witnesses: z.array(witness),
  }),
});

export const registerWitness = call({
  name: 'witnesses.register',
  about:
    'Registers a key of my desk for this record. A desk’s own witness gets a credential, told once and here only.',
  method: 'POST',
  path: '/operations/:operationId/witnesses',
  needs: 'witness.keep',
  body: z.object({ ...inOperation, ...command, vkey: z.string().min(1).max(200) }),
  reply: z.object({ id: witnessId, kind: z.enum(cosignerKinds), credential: z.string().nullable() }),
  records: ['witness.registered'],
  secretReply: true,
});

export const retireWitness = call({
  name: 'witnesses.retire',
  about:
    'Retires a key of my desk: its credential ends, and it is never registered again. One that counts, and as lead that of another desk, is asked for, and another desk confirms.',
  method: 'POST',
  path: '/operations/:operationId/witnesses/:witnessId/retire',
  needs: 'witness.keep',
  body: z.object({ ...inOperation, ...command, witnessId, reason: prose(300) }),
  reply: z.object({ state: z.enum(['retired', 'asked']) }),
  records: ['witness.retired', 'witness.change-asked'],
});

export const setQuorum = call({
  name: 'witnesses.set-quorum',
  about:
    'Sets which desks’ witnesses make the quorum, and how many of them it takes. Once there is one, asks for it, and another desk confirms.',
  method: 'POST',
  path: '/operations/:operationId/quorum',
  needs: 'witness.quorum',
  body: z.object({
    ...inOperation,
    ...command,
    witnessIds: z.array(witnessId).max(128),
    need: z.number().int().min(1).max(128),
  }),
  /** The policy; null while it waits for another desk. */
  reply: z.object({ text: z.string().nullable() }),
  records: ['quorum.set', 'witness.change-asked'],
});

export const confirmChange = call({
  name: 'witnesses.confirm',
  about: 'Confirms what another desk has asked for: the retirement of a key, or another quorum.',
  method: 'POST',
  path: '/operations/:operationId/witness-request/confirm',
  needs: 'witness.confirm',
  body: z.object({ ...inOperation, ...command, requestId }),
  reply: z.object({}),
  records: ['witness.retired', 'quorum.set'],
});

export const withdrawChange = call({
  name: 'witnesses.withdraw',
  about: 'Takes away what my desk has asked for, or refuses what another has.',
  method: 'POST',
  path: '/operations/:operationId/witness-request/withdraw',
  needs: 'witness.confirm',
  body: z.object({ ...inOperation, ...command, requestId, reason: prose(300) }),
  reply: z.object({}),
  records: ['witness.change-withdrawn'],
});

export const cosignInBrowser = call({
  name: 'witnesses.cosign',
  about: 'Hands in what my browser cosigned. Evidence, not an act: it is kept beside the record.',
  method: 'POST',
  path: '/operations/:operationId/cosignatures',
  needs: 'witness.read',
  body: z.object({ ...inOperation, ...cosignature }),
  reply: z.object({ size: cursor }),
});

const shownToWitness = z.object({
  origin: z.string(),
  note: z.string().nullable(),
  vkey: z.string().nullable(),
  consistency: z.array(z.string()),
});
const since = z.coerce.number().int().nonnegative().default(0);

export const readForWitness = witnessCall({
  name: 'witness.checkpoint',
  about: 'The checkpoint that witnesses are to cosign now, and the proof that it contains an earlier one.',
  method: 'GET',
  path: '/witness/:operationId/checkpoint',
  body: z.object({ ...inOperation, since }),
  reply: shownToWitness,
});

export const cosignAsWitness = witnessCall({
  name: 'witness.cosign',
  about: 'Hands in a cosignature of this witness.',
  method: 'POST',
  path: '/witness/:operationId/cosignatures',
  body: z.object({ ...inOperation, ...cosignature }),
  reply: z.object({ size: cursor }),
});

export const readHubForWitness = witnessCall({
  name: 'witness.hub-checkpoint',
  about: "The same of the hub's own record: its size and root, with the proof that it has only grown.",
  method: 'GET',
  path: '/witness/:operationId/hub/checkpoint',
  body: z.object({ ...inOperation, since }),
  reply: shownToWitness,
});

export const cosignHubAsWitness = witnessCall({
  name: 'witness.cosign-hub',
  about: "Hands in a cosignature of this witness under the hub's own record.",
  method: 'POST',
  path: '/witness/:operationId/hub/cosignatures',
  body: z.object({ ...inOperation, ...cosignature }),
  reply: z.object({ size: cursor }),
});
