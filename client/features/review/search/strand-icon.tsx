import {
  IconBan,
  IconDownload,
  IconEye,
  IconFingerprint,
  IconFlag3,
  IconMessage2,
  IconPinned,
  IconSitemap,
  IconUsers,
} from '@tabler/icons-react';
import type { TimelineGroup } from '#shared/contracts/review-timeline.ts';

const icons = {
  boards: IconSitemap,
  chat: IconMessage2,
  indicators: IconFingerprint,
  people: IconUsers,
  operation: IconFlag3,
  access: IconEye,
  exports: IconDownload,
  findings: IconPinned,
  denials: IconBan,
} as const satisfies Record<TimelineGroup, unknown>;

export function StrandIcon({
  strand,
  size = 15,
}: {
  readonly strand: TimelineGroup;
  readonly size?: number;
}) {
  const Icon = icons[strand];
  return <Icon size={size} stroke={1.6} aria-hidden="true" />;
}
