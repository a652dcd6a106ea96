import { z } from 'zod';

import { command, cursor, inOperation } from './common.ts';
import { stream, witnessCall } from './contract.ts';

export const openMirror = witnessCall({
  name: 'witness.open-mirror',
  about: 'Opens a mirror of this desk: the entry under which its parts are then handed out.',
  method: 'POST',
  path: '/witness/:operationId/mirror',
  body: z.object({ ...inOperation, ...command }),
  reply: z.object({
    /** Place of its entry; the mirror is whole once it holds that one too. */
    opening: cursor,
  }),
  records: ['record.mirrored'],
});

export const readMirrorPart = stream({
  name: 'witness.mirror-part',
  about:
    'The next part of an opened mirror, as an export (muster-export/1) that begins at `since`: what this desk may see, and the leaf hashes of the rest.',
  method: 'GET',
  path: '/witness/:operationId/mirror/part',
  needs: 'witness',
  body: z.object({
    ...inOperation,
    opening: z.coerce.number().int().nonnegative(),
    since: z.coerce.number().int().nonnegative(),
  }),
  reply: z.unknown(),
});
