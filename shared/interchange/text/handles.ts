import type { Platform } from '../families/messenger.ts';
import { canonicalise } from '../selector.ts';
import { type Candidate, candidate, type Scan } from './candidate.ts';
import { platformCalled, platformWords } from './lexicon.ts';

const AT_HANDLE = /(?<![\w@./+-])@[A-Za-z0-9_][A-Za-z0-9_.]{2,31}/g;
const BEFORE = 32;
/** What may stand between the platform's name and the account: `LINE ID: x`, `ไลน์ไอดี x`, `微信号：x`. */
const AFTER_NAME =
  /\s{0,2}(id|user ?name|user|handle|account|ไอดี|号|號)?\s{0,2}([:=])?\s{0,2}(@?[A-Za-z0-9][A-Za-z0-9._-]{2,39})(?![\w@])/iuy;

/** Accounts written as `@name`, or after the name of the messenger. [IN-24] */
export function* findHandles(scan: Scan): Iterable<Candidate> {
  const { text } = scan.plain;
  for (const { index: from, 0: run } of text.matchAll(AT_HANDLE)) {
    scan.meter(run.length + BEFORE);
    const handle = run.replace(/\.+$/, '');
    const platform = platformBefore(text, from);
    const to = from + handle.length;
    const found = account(
      scan,
      { from, to },
      { platform: platform ?? 'telegram', handle, sure: platform !== null },
    );
    if (found && (platform !== null || handle.length > 5)) yield found;
  }
  yield* findNamed(scan);
}

function platformBefore(text: string, from: number): Platform | null {
  const before = text.slice(Math.max(0, from - BEFORE), from);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const named = [...line.matchAll(platformWords)].at(-1);
  return named ? platformCalled(named[0]) : null;
}

function* findNamed(scan: Scan): Iterable<Candidate> {
  const { text } = scan.plain;
  for (const { index, 0: name } of text.matchAll(platformWords)) {
    scan.meter(name.length + 60);
    AFTER_NAME.lastIndex = index + name.length;
    const [whole = '', word, sign, handle = ''] = AFTER_NAME.exec(text) ?? [];
    const platform = platformCalled(name);
    const bare = handle.replace(/[._-]+$/, '');
    const isNamed = word !== undefined || (sign !== undefined && /[\d_.]/.test(bare));
    if (platform === null || !isNamed || /^@|^\d[\d.-]*$/.test(bare)) continue;
    const from = index + name.length + whole.length - handle.length;
    const found = account(scan, { from, to: from + bare.length }, { platform, handle: bare, sure: true });
    if (found) yield found;
  }
}

type Said = { readonly platform: Platform; readonly handle: string; readonly sure: boolean };

function account(scan: Scan, span: { from: number; to: number }, said: Said): Candidate | null {
  const result = canonicalise('messenger', said.handle, { ...scan.options, platform: said.platform });
  return candidate(span, result, said.sure ? null : 'needs-confirmation');
}
