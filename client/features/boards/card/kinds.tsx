import {
  IconBuilding,
  IconCalendarEvent,
  IconCircleFilled,
  IconCreditCard,
  IconDeviceMobile,
  IconFileCertificate,
  IconMapPin,
  IconNote,
  IconSquareCheck,
  IconUser,
} from '@tabler/icons-react';

import { type CardKind, cardKinds } from '#shared/board/card.ts';

export const kindIcons = {
  note: IconNote,
  person: IconUser,
  organisation: IconBuilding,
  account: IconCreditCard,
  device: IconDeviceMobile,
  location: IconMapPin,
  event: IconCalendarEvent,
  evidence: IconFileCertificate,
  indicator: IconCircleFilled,
  task: IconSquareCheck,
} as const satisfies Record<CardKind, unknown>;

/** Kinds that are written here; indicators and tasks come from their own places. */
export const freeKinds: readonly CardKind[] = cardKinds.filter(
  (kind) => kind !== 'indicator' && kind !== 'task',
);

export function KindIcon({ kind, size = 13 }: { readonly kind: CardKind; readonly size?: number }) {
  const Icon = kindIcons[kind];
  return <Icon size={kind === 'indicator' ? size - 4 : size} stroke={1.7} aria-hidden="true" />;
}
