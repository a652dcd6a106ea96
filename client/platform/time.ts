import type { Millis } from '#shared/kernel/clock.ts';

const LANGUAGE = 'en-GB';

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LANGUAGE, { hourCycle: 'h23', ...options });
}

const clockUtc = formatter({ hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const secondsUtc = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'UTC' });
const clockHere = formatter({ hour: '2-digit', minute: '2-digit' });
const dayUtc = formatter({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
const shortDayUtc = formatter({ day: 'numeric', month: 'short', timeZone: 'UTC' });
const shortDayHere = formatter({ day: 'numeric', month: 'short' });
const offsetHere = formatter({ timeZoneName: 'shortOffset' });

/** `21:31` in UTC, the time of the record. */
export function utcTime(iso: string): string {
  return clockUtc.format(new Date(iso));
}

export function utcSeconds(iso: string): string {
  return secondsUtc.format(new Date(iso));
}

/** `Monday 23 November`, in UTC. */
export function utcDay(iso: string): string {
  return dayUtc.format(new Date(iso)).replace(',', '');
}

/** `23 Nov 21:31`, in UTC. */
export function utcStamp(iso: string): string {
  const at = new Date(iso);
  return `${shortDayUtc.format(at)} ${clockUtc.format(at)}`;
}

/** `24 Nov 05:31 GMT+8`: the reader's own clock, to stand beside UTC. */
export function localStamp(iso: string): string {
  return `${shortDayHere.format(new Date(iso))} ${localTime(iso)}`;
}

/** `05:31 GMT+8`, where the day is said elsewhere. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const zone = offsetHere.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${clockHere.format(at)} ${zone}`;
}

/** What a hint over a UTC time says. */
export function bothStamps(iso: string): string {
  return `${utcStamp(iso)} UTC · ${localStamp(iso)}`;
}

const zoneClocks = new Map<string, Intl.DateTimeFormat>();

export function timeIn(zone: string, at: Millis): string {
  let format = zoneClocks.get(zone);
  if (!format) {
    format = formatter({ hour: '2-digit', minute: '2-digit', timeZone: zone });
    zoneClocks.set(zone, format);
  }
  return format.format(at);
}

/** `8 s`, `2 min`, `3 h`, `5 d`: never negative, since the hub's clock may be ahead. */
export function elapsed(since: Millis, now: Millis): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function hourOf(at: Millis): string {
  return new Date(at - (at % 3_600_000)).toISOString();
}

const dateUtc = formatter({ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `24 November 2031`, of a day such as `2031-11-24`. */
export function dayOf(day: string): string {
  return dateUtc.format(new Date(`${day}T00:00:00Z`));
}
