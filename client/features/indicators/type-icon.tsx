import {
  IconAt,
  IconBuildingBank,
  IconCoinBitcoin,
  IconFingerprint,
  IconHash,
  IconLink,
  IconMessageCircle,
  IconNetwork,
  IconPhone,
  IconQuestionMark,
  IconServer,
  IconWorld,
} from '@tabler/icons-react';

import { isSelectorType, type SelectorType, selectorLabel } from '#shared/interchange/selector-types.ts';

const icons: Readonly<Record<SelectorType, typeof IconHash>> = {
  ipv4: IconServer,
  ipv6: IconServer,
  cidr: IconNetwork,
  domain: IconWorld,
  url: IconLink,
  email: IconAt,
  md5: IconHash,
  sha1: IconHash,
  sha224: IconHash,
  sha256: IconHash,
  sha384: IconHash,
  sha512: IconHash,
  phone: IconPhone,
  crypto: IconCoinBitcoin,
  iban: IconBuildingBank,
  'bank-account': IconBuildingBank,
  messenger: IconMessageCircle,
  other: IconFingerprint,
};

/** The hub may know types that this page does not: those show as they are named. */
export function typeLabel(type: string): string {
  return isSelectorType(type) ? selectorLabel(type) : type;
}

export function TypeIcon({ type, size = 14 }: { readonly type: string; readonly size?: number }) {
  const Icon = isSelectorType(type) ? icons[type] : IconQuestionMark;
  return <Icon size={size} stroke={1.7} aria-hidden="true" />;
}
