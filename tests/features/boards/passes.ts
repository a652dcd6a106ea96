import { mintRoomPass, type RoomPass } from '#server/platform/access.ts';
import { asId } from '#shared/kernel/ids.ts';

const officers = { tan: 'a1'.repeat(16), chanida: 'b2'.repeat(16) } as const;

/** Of a record that was never cut. */
export const firstLife = { docEpoch: '0'.repeat(16), head: 0 };

/** An officer's pass for a board socket without a hub around it. */
export function passFor(name: keyof typeof officers): RoomPass {
  return mintRoomPass({
    operation: asId('0'.repeat(32)),
    origin: 'hub.test/op',
    session: {
      id: 'x',
      officer: asId(officers[name]),
      officerEpoch: 0,
      name: name === 'tan' ? 'Tan Wei' : 'Chanida Prasert',
      handle: name,
      email: '',
      desk: { id: asId('d'.repeat(32)), code: 'SG-CCD', name: '', kind: 'police' },
      country: 'SG',
      hostAdministrator: false,
      expiresAt: 0,
    },
    role: 'officer',
    state: 'live',
    compartments: new Set(),
    main: asId('c'.repeat(32)),
    aclEpoch: 0,
  });
}
