import { z } from 'zod';

import { cursor, inOperation } from './common.ts';
import { call, stream } from './contract.ts';

/** What stands behind `tile/` in a C2SP tile path: `0/x001/234.p/56`, `entries/000`. */
const tile = z.string().min(1).max(60);

export const readLogCheckpoint = stream({
  name: 'record.log-checkpoint',
  about: 'The newest signed checkpoint as text (C2SP tlog-tiles).',
  method: 'GET',
  path: '/operations/:operationId/log/checkpoint',
  needs: 'record.verify',
  body: z.object({ ...inOperation }),
  reply: z.unknown(),
});

export const readLogTile = stream({
  name: 'record.log-tile',
  about: 'A tile of hashes, or a bundle of entries to whoever may see each of them (C2SP tlog-tiles).',
  method: 'GET',
  path: '/operations/:operationId/log/tile/*tile',
  needs: 'record.prove',
  body: z.object({ ...inOperation, tile }),
  reply: z.unknown(),
});

export const readProofFile = stream({
  name: 'record.proof-file',
  about: 'The proof of one entry as a file that stands alone (C2SP tlog-proof).',
  method: 'GET',
  path: '/operations/:operationId/entries/:seq/proof-file',
  needs: 'record.prove',
  body: z.object({ ...inOperation, seq: z.coerce.number().int().nonnegative() }),
  reply: z.unknown(),
});

export const readAnchor = call({
  name: 'record.anchor',
  about: "The newest entry of the hub's record that speaks of this operation's, with its proof there.",
  method: 'GET',
  path: '/operations/:operationId/anchor',
  needs: 'record.verify',
  body: z.object({ ...inOperation }),
  reply: z.object({
    /** `null` until there is one, and a checkpoint of the hub's record covers it. */
    anchor: z
      .object({
        seq: cursor,
        /** The entry's bytes, salt and payload, base64. The payload says origin, size and root. */
        entry: z.string(),
        salt: z.string(),
        payload: z.string(),
        /** Of the hub's record. */
        size: cursor,
        proof: z.array(z.string()),
        note: z.string(),
      })
      .nullable(),
    /** Key of the hub's record in verifier form. */
    vkey: z.string().nullable(),
    /** The hub's newest checkpoint that the quorum of this operation has cosigned, and the proof that the newest contains it. */
    cosigned: z.object({ note: z.string(), size: cursor, consistency: z.array(z.string()) }).nullable(),
  }),
});

export const readHubCheckpoint = call({
  name: 'hub.checkpoint',
  about: "The newest signed checkpoint of the hub's own record, and a proof that it contains an earlier one.",
  method: 'GET',
  path: '/hub/checkpoint',
  needs: 'signed-in',
  body: z.object({ since: z.coerce.number().int().nonnegative().optional() }),
  reply: z.object({
    note: z.string().nullable(),
    vkey: z.string().nullable(),
    size: cursor,
    signedAt: z.string().nullable(),
    consistency: z.array(z.string()),
  }),
});

export const readHubLogCheckpoint = stream({
  name: 'hub.log-checkpoint',
  about: "The newest signed checkpoint of the hub's own record as text (C2SP tlog-tiles).",
  method: 'GET',
  path: '/hub/log/checkpoint',
  needs: 'signed-in',
  body: z.object({}),
  reply: z.unknown(),
});

export const readHubLogTile = stream({
  name: 'hub.log-tile',
  about:
    "A tile of hashes of the hub's own record; bundles of entries to its administrators (C2SP tlog-tiles).",
  method: 'GET',
  path: '/hub/log/tile/*tile',
  needs: 'signed-in',
  body: z.object({ tile }),
  reply: z.unknown(),
});

/** Places of a record, rising, as `3,41,42`. */
const places = z
  .string()
  .regex(/^\d{1,15}(?:,\d{1,15}){0,255}$/)
  .max(4000);

const since = z.coerce.number().int().nonnegative().optional();
const provedPlaces = z.object({
  note: z.string().nullable(),
  vkey: z.string().nullable(),
  size: cursor,
  signedAt: z.string().nullable(),
  /** That the checkpoint contains the tree of `since` entries. */
  consistency: z.array(z.string()),
  /** Those of the places that the checkpoint covers. */
  covered: z.array(z.number().int()),
  /** docs/protocol/record.md, RC-52. */
  proof: z.array(z.string()),
});

export const provePlaces = call({
  name: 'record.places',
  about:
    'One proof that the newest checkpoint contains what stands at these places, for whoever has the hashes.',
  method: 'GET',
  path: '/operations/:operationId/log/places',
  needs: 'record.prove',
  body: z.object({ ...inOperation, places, since }),
  reply: provedPlaces,
});

export const proveHubPlaces = call({
  name: 'hub.places',
  about: "The same of the hub's own record, for whoever was given a receipt for it.",
  method: 'GET',
  path: '/hub/log/places',
  needs: 'signed-in',
  body: z.object({ places, since }),
  reply: provedPlaces,
});

export const readReceiptKeys = call({
  name: 'hub.receipt-keys',
  about:
    "Every key under which receipts of this hub are given, with the entry of the hub's record that certifies it.",
  method: 'GET',
  path: '/hub/receipt-keys',
  needs: 'signed-in',
  body: z.object({}),
  reply: z.object({
    /** Key of the hub's record in verifier form. */
    vkey: z.string().nullable(),
    /** The checkpoint under which all of them are proved; `null` while none is signed. */
    note: z.string().nullable(),
    keys: z.array(
      z.object({
        vkey: z.string(),
        seq: cursor,
        entry: z.string(),
        salt: z.string(),
        payload: z.string(),
        /** Empty until a checkpoint covers it. */
        proof: z.array(z.string()),
        covered: z.boolean(),
      }),
    ),
  }),
});
