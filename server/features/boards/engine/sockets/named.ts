import type { Session } from '#server/platform/access.ts';
import { utf8 } from '#shared/kernel/encoding.ts';

import { boardEngineLimits as limits } from '../../limits.ts';
import { parsed } from '../../wire/strict-reader.ts';
import { readJson } from '../../wire/struct-content.ts';

const colours = ['#1971c2', '#2f9e44', '#e8590c', '#9c36b5', '#0c8599', '#e03131', '#5f3dc4', '#846358'];

/** A state of a client with `user` as the session has it; `null` when it is too large, too deep or no object. [BD-18] */
export function named(text: string, session: Session): string | null {
  if (utf8(text).length > limits.presenceState) return null;
  const state = parsed(() => readJson(text));
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return null;
  const user = {
    officer: session.officer,
    name: session.name,
    desk: session.desk.code,
    country: session.country,
    color: colours[Number.parseInt(session.officer.slice(0, 2), 16) % colours.length],
  };
  return JSON.stringify({ ...state, user });
}
