import type { ReactNode } from 'react';

import type { Reference } from '#shared/contracts/chat.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';

/** Something a message can point at, as whoever owns it offers it. */
export type Offer = { readonly reference: Reference; readonly title: string; readonly tlp: Tlp };

/** What the chat needs from the room around it. Boards and indicators are known to it only through these. */
export type ChatSlots = {
  readonly operationId: OperationId;
  readonly me: string;
  /** Why nothing can be written; `null` when it can. */
  readonly silenced: 'closed' | 'observer' | null;
  readonly deskCount: number;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
  /** Who can be named with @. */
  readonly people: readonly Person[];
  readonly findOffers: (text: string) => Promise<readonly Offer[]>;
  /** Whether what is dragged over the box can be referred to; its content is not readable before the drop. */
  readonly mayDrop: (data: DataTransfer) => boolean;
  /** Reads what was dropped; `null` for anything that cannot be referred to. */
  readonly offerDropped: (data: DataTransfer) => Offer | null;
  readonly renderReference: (reference: Reference) => ReactNode;
};
