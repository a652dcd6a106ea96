import { base64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';

import { formatVkey, isKeyName, type NoteKey, parseVkey, signatureTypes } from '../keys.ts';
import { isBrowserName } from './names.ts';

/** Which cosignatures make a checkpoint believed (C2SP tlog-policy). [RC-65] */
export type Policy = {
  /** Keys of the logs it speaks of; empty when the log's key is pinned elsewhere. */
  readonly logs: readonly NoteKey[];
  readonly witnesses: readonly NoteKey[];
  /** null: `quorum none`. */
  readonly quorum: Quorum | null;
};
export type Quorum =
  | { readonly kind: 'witness'; readonly name: string; readonly key: NoteKey }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly need: number;
      readonly members: readonly Quorum[];
    };

export type PolicyFault =
  | 'policy-malformed-line'
  | 'policy-malformed-key'
  | 'policy-browser-witness'
  | 'policy-duplicate'
  | 'policy-unknown-name'
  | 'policy-bad-threshold'
  | 'policy-no-quorum'
  | 'policy-too-long';
export type PolicyOutcome =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly reason: PolicyFault; readonly line: number };

const LONGEST = 65_536;
const GROUP = 'desks';

/** Reads the whole file or refuses it with its first bad line. Never throws. [RC-65] [RC-66] */
export function parsePolicy(text: string): PolicyOutcome {
  if (text.length > LONGEST) return { ok: false, reason: 'policy-too-long', line: 1 };
  const reader = new PolicyReader();
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  for (const [at, line] of lines.entries()) {
    const fault = reader.take(line);
    if (fault !== null) return { ok: false, reason: fault, line: at + 1 };
  }
  const policy = reader.policy();
  return policy === null
    ? { ok: false, reason: 'policy-no-quorum', line: lines.length }
    : { ok: true, policy };
}

/** The policy as the hub ships it: the logs, the desks in order of their names, and how many of them it takes. */
export function writePolicy(logs: readonly NoteKey[], desks: readonly NoteKey[], need: number): string {
  const sound = logs.length > 0 && logs.every(({ type }) => type === signatureTypes.log);
  invariant(sound && desks.length > 0, 'a policy of nobody');
  const keys = [...desks].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...logs.map((log) => `log ${formatVkey(log)}`),
    ...keys.map((key) => `witness ${key.name} ${formatVkey(key)}`),
    `group ${GROUP} ${need} ${keys.map(({ name }) => name).join(' ')}`,
    `quorum ${GROUP}`,
    '',
  ].join('\n');
}

/**
 * How many of `desks` it takes so that nobody sees another record unnoticed, although the host and `colluding` desks
 * work together: k >= (n + f + 1) / 2. A quarter of the desks is assumed, and at least one. [RC-65]
 */
export function suggestQuorum(desks: number, colluding = Math.max(1, Math.floor(desks / 4))): number {
  return Math.min(desks, Math.ceil((desks + colluding + 1) / 2));
}

class PolicyReader {
  readonly #logs: NoteKey[] = [];
  readonly #witnesses: NoteKey[] = [];
  readonly #named = new Map<string, Quorum>();
  readonly #members = new Set<string>();
  readonly #keys = new Set<string>();
  #quorum: Quorum | null | undefined;

  /** null when the line is good. */
  take(line: string): PolicyFault | null {
    if (/[^\P{Cc}\t]/u.test(line)) return 'policy-malformed-line';
    const [word, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (word === undefined || word.startsWith('#')) return null;
    switch (word) {
      case 'log':
        return this.#log(items);
      case 'witness':
        return this.#witness(items);
      case 'group':
        return this.#group(items);
      case 'quorum':
        return this.#setQuorum(items);
      default:
        return 'policy-malformed-line';
    }
  }

  policy(): Policy | null {
    if (this.#quorum === undefined) return null;
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum };
  }

  #log([vkey = '', _url, ...more]: string[]): PolicyFault | null {
    if (more.length > 0) return 'policy-malformed-line';
    const key = parseVkey(vkey);
    if (key?.type !== signatureTypes.log) return 'policy-malformed-key';
    if (!this.#isNew(key)) return 'policy-duplicate';
    this.#logs.push(key);
    return null;
  }

  #witness([name = '', vkey = '', _url, ...more]: string[]): PolicyFault | null {
    if (more.length > 0 || !isKeyName(name) || name === 'none') return 'policy-malformed-line';
    const key = parseVkey(vkey);
    if (key?.type !== signatureTypes.cosigner) return 'policy-malformed-key';
    if (isBrowserName(key.name) || isBrowserName(name)) return 'policy-browser-witness';
    if (this.#named.has(name) || !this.#isNew(key)) return 'policy-duplicate';
    this.#witnesses.push(key);
    this.#named.set(name, { kind: 'witness', name, key });
    return null;
  }

  #group([name = '', threshold = '', ...names]: string[]): PolicyFault | null {
    if (!isKeyName(name) || name === 'none' || names.length === 0) return 'policy-malformed-line';
    if (this.#named.has(name) || new Set(names).size < names.length) return 'policy-duplicate';
    const members = names.flatMap((each) => this.#named.get(each) ?? []);
    if (members.length < names.length) return 'policy-unknown-name';
    if (names.some((each) => this.#members.has(each))) return 'policy-duplicate';
    const need = thresholdOf(threshold, members.length);
    if (need === null) return 'policy-bad-threshold';
    for (const each of names) this.#members.add(each);
    this.#named.set(name, { kind: 'group', name, need, members });
    return null;
  }

  #setQuorum([name = '', ...more]: string[]): PolicyFault | null {
    if (more.length > 0) return 'policy-malformed-line';
    if (this.#quorum !== undefined) return 'policy-duplicate';
    const chosen = name === 'none' ? null : this.#named.get(name);
    if (chosen === undefined) return 'policy-unknown-name';
    this.#quorum = chosen;
    return null;
  }

  /** One public key is one log or one witness, whatever it is called. */
  #isNew({ publicKey }: NoteKey): boolean {
    const key = base64(publicKey);
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }
}

function thresholdOf(text: string, members: number): number | null {
  if (text === 'all') return members;
  if (text === 'any') return 1;
  const need = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0;
  return need >= 1 && need <= members ? need : null;
}
