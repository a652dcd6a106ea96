import type { InfiniteData } from '@tanstack/react-query';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { type Indicator, indicator, type listIndicators } from '#shared/contracts/indicators.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { Tlp } from '#shared/policy/markings.ts';

export type RegisterPage = ReplyOf<typeof listIndicators>;
export type Register = InfiniteData<RegisterPage, number | undefined>;

export type RegisterFilter = {
  readonly text: string;
  readonly type: string;
  readonly tlp: Tlp | '';
  readonly originator: string;
};

export const noFilter: RegisterFilter = { text: '', type: '', tlp: '', originator: '' };

export function isFiltered(filter: RegisterFilter): boolean {
  return Object.values(filter).some((value) => value !== '');
}

/** An entry cannot state its own place: an added indicator stands where its entry stands. */
const content = indicator.partial({ seq: true });

/** The indicator an entry is about, when it states one whole. */
export function indicatorOf(entry: EntryOnWire): Indicator | null {
  if (entry.outcome !== 'ok' || !entry.kind.startsWith('indicator.')) return null;
  const stated = content.safeParse(entry.body);
  if (!stated.success) return null;
  const seq = entry.kind === 'indicator.added' ? entry.seq : stated.data.seq;
  return seq === undefined ? null : { ...stated.data, seq };
}

/** The unfiltered register after an entry: a changed one in its place, a new one at the end that new ones come to. */
export function withIndicator(register: Register, stated: Indicator, seq: number): Register {
  const asOf = register.pages[0]?.asOf ?? 0;
  const known = register.pages.some((page) => page.indicators.some((each) => each.id === stated.id));
  if (known)
    return mapPages(register, (page) => ({
      ...page,
      indicators: page.indicators.map((each) => (each.id === stated.id ? stated : each)),
    }));
  if (seq < asOf) return register;
  const newestFirst = isNewestFirst(register);
  const last = register.pages.length - 1;
  return mapPages(register, (page, at) => {
    const counted = { ...page, total: page.total + 1 };
    if (newestFirst && at === 0) return { ...counted, indicators: [stated, ...page.indicators] };
    if (!newestFirst && at === last && !page.more)
      return { ...counted, indicators: [...page.indicators, stated] };
    return counted;
  });
}

function mapPages(register: Register, change: (page: RegisterPage, at: number) => RegisterPage): Register {
  return { ...register, pages: register.pages.map(change) };
}

function isNewestFirst(register: Register): boolean {
  const all = register.pages.flatMap((page) => page.indicators);
  const [first, last] = [all[0], all.at(-1)];
  return !first || !last || first.seq >= last.seq;
}
