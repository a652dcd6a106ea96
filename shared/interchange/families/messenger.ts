import { refang } from '../defang.ts';
import { foldText } from '../fold.ts';
import { accepted, type Canonical, type CanonicaliseOptions, refused } from '../verdict.ts';
import { canonicalisePhone } from './phone.ts';

export const platforms = [
  'telegram',
  'whatsapp',
  'line',
  'zalo',
  'wechat',
  'viber',
  'signal',
  'facebook',
  'instagram',
  'x',
  'tiktok',
] as const;
export type Platform = (typeof platforms)[number];

const NAMES: Readonly<Record<string, Platform>> = {
  tg: 'telegram',
  wa: 'whatsapp',
  weixin: 'wechat',
  fb: 'facebook',
  ig: 'instagram',
  twitter: 'x',
};
const BY_PHONE: ReadonlySet<Platform> = new Set(['whatsapp', 'zalo', 'viber', 'signal']);
const HANDLES: Readonly<Record<Platform, RegExp>> = {
  telegram: /^[a-z][a-z0-9_]{3,31}$/,
  whatsapp: /^$/,
  line: /^[a-z0-9._-]{3,30}$/,
  zalo: /^[a-z0-9._]{3,40}$/,
  wechat: /^[a-z][a-z0-9_-]{5,19}$/,
  viber: /^$/,
  signal: /^[a-z_][a-z0-9_]{2,31}\.\d{2,}$/,
  facebook: /^[a-z0-9.]{3,50}$/,
  instagram: /^[a-z0-9._]{1,30}$/,
  x: /^[a-z0-9_]{1,15}$/,
  tiktok: /^[a-z0-9._]{2,24}$/,
};

/**
 * A handle, number or link on a messenger; unique within its platform. Handles are lower case, invite codes keep
 * theirs, numbers are E.164, LINE official accounts keep their `@`. [IN-18]
 */
export function canonicaliseMessenger(raw: string, options: CanonicaliseOptions): Canonical {
  const text = refang(foldText(raw)).trim();
  const link = readMessengerLink(text);
  if (link) return account(link.platform, link.handle, options);
  const labelled = /^([a-z]+)\s*(?:id)?\s*[:/ ]\s*(\S.*)$/i.exec(text);
  const named = labelled ? platformNamed(labelled[1] ?? '') : null;
  if (labelled && named) return account(named, labelled[2] ?? '', options);
  const platform = platformNamed(options.platform ?? '');
  if (platform) return account(platform, text, options);
  if (text.startsWith('@')) return account('telegram', text, options);
  return refused('ambiguous', 'Which messenger is this on?', 'Write it as telegram:name, or paste the link.');
}

export function platformNamed(name: string): Platform | null {
  const lower = name.trim().toLowerCase();
  return platforms.find((platform) => platform === lower) ?? NAMES[lower] ?? null;
}

/** First path segments of social sites that are not account names. */
const PAGES: ReadonlySet<string> = new Set(
  'p|reel|reels|stories|explore|watch|groups|share|sharer|hashtag|intent|i|home|search|events|marketplace|photo|photos|story.php|permalink.php|photo.php|login|plugins|dialog|help|policies|settings'.split(
    '|',
  ),
);

type Link = { readonly platform: Platform; readonly handle: string };

/** Reads t.me, wa.me, line.me, zalo.me and the like, with or without a scheme; `null` for any other text. */
export function readMessengerLink(text: string): Link | null {
  const link =
    /^(?:https?:\/\/)?(?:www\.|m\.|api\.|web\.)?([a-z]+\.[a-z]+)\/([^\s?#]*)(?:\?([^#\s]*))?/i.exec(text);
  if (!link) return null;
  const [, host = '', path = '', query = ''] = link;
  const segments = path.split('/').filter((segment) => segment !== '');
  return fromHost(host.toLowerCase(), segments.map(decodeSegment), query);
}

function decodeSegment(segment: string): string {
  return /^(?:[^%]|%[2-7][0-9a-f])*$/i.test(segment) ? decodeURIComponent(segment) : segment;
}

function fromHost(host: string, path: readonly string[], query: string): Link | null {
  const [first = '', second = ''] = path;
  if (first === '' || PAGES.has(first.toLowerCase())) return null;
  if (host === 't.me' || host === 'telegram.me') return telegramLink(first, second);
  if (host === 'wa.me') return { platform: 'whatsapp', handle: `+${first.replace(/^\+/, '')}` };
  if (host === 'whatsapp.com') return whatsappLink(first, query);
  if (host === 'zalo.me') return { platform: 'zalo', handle: first === 'g' ? `+${second}` : first };
  if (host === 'line.me') return lineLink(path);
  if (host === 'facebook.com' || host === 'fb.com') return facebookLink(first, query);
  if (host === 'instagram.com') return { platform: 'instagram', handle: first };
  if (host === 'tiktok.com') return first.startsWith('@') ? { platform: 'tiktok', handle: first } : null;
  if (host === 'twitter.com' || host === 'x.com') return { platform: 'x', handle: first };
  return null;
}

function telegramLink(first: string, second: string): Link {
  if (first === 'joinchat') return { platform: 'telegram', handle: `+${second}` };
  return { platform: 'telegram', handle: first === 's' ? second : first };
}

function whatsappLink(first: string, query: string): Link | null {
  const phone = /(?:^|&)phone=(?:\+|%2B)?(\d+)/i.exec(query)?.[1];
  return first === 'send' && phone !== undefined ? { platform: 'whatsapp', handle: `+${phone}` } : null;
}

function lineLink(path: readonly string[]): Link | null {
  const last = path.at(-1) ?? '';
  return path[0]?.toLowerCase() === 'ti' || path[0]?.toLowerCase() === 'r'
    ? { platform: 'line', handle: last }
    : null;
}

function facebookLink(first: string, query: string): Link | null {
  if (first !== 'profile.php') return { platform: 'facebook', handle: first };
  const id = /(?:^|&)id=(\d{5,20})(?:&|$)/.exec(query)?.[1];
  return id === undefined ? null : { platform: 'facebook', handle: id };
}

function account(platform: Platform, handle: string, options: CanonicaliseOptions): Canonical {
  if (platform === 'telegram' && /^\+[A-Za-z0-9_-]{6,}$/.test(handle) && !/^\+\d{7,15}$/.test(handle)) {
    return named(platform, handle, 'invite');
  }
  if (BY_PHONE.has(platform) || /^\+\d[\d\s-]{6,}$/.test(handle)) {
    const phone = canonicalisePhone(handle, options.defaultCountry);
    if (phone.ok) return named(platform, phone.selector.value, 'phone');
    if (platform !== 'zalo' && platform !== 'signal') return phone;
  }
  const lower = handle.toLowerCase();
  if (platform === 'line' && /^@[a-z0-9._-]{3,30}$/.test(lower)) return named(platform, lower, 'official');
  const bare = lower.replace(/^[@~]/, '');
  if (!HANDLES[platform].test(bare)) return refused('invalid', `This is not an account name on ${platform}.`);
  return named(platform, bare, platform === 'facebook' && /^\d+$/.test(bare) ? 'id' : 'handle');
}

function named(platform: Platform, value: string, kind: string): Canonical {
  return accepted({ type: 'messenger', value, namespace: platform, meta: { platform, kind } });
}
