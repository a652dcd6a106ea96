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

import type { CardKind } from '#shared/board/card.ts';

const icons = {
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

/** What a card is of. */
export function KindIcon({ kind, size = 13 }: { readonly kind: CardKind; readonly size?: number }) {
  const Icon = icons[kind];
  return <Icon size={kind === 'indicator' ? size - 4 : size} stroke={1.7} aria-hidden="true" />;
}
