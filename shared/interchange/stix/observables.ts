import { platformNamed } from '../families/messenger.ts';
import { has, isObject, type JsonObject, text } from './objects.ts';
import { type Candidate, hashTypeNamed, pathTypes } from './pattern/candidates.ts';
import { bankCandidate } from './pattern/reduce.ts';

/** Property by which an observable of no type of ours is known. */
const MAIN_PROPERTY: Readonly<Record<string, string>> = {
  process: 'command_line',
  mutex: 'name',
  directory: 'path',
  'windows-registry-key': 'key',
  'mac-addr': 'value',
  'autonomous-system': 'number',
  software: 'name',
  'user-agent': 'value',
  'payment-card': '',
  text: 'value',
};

/** The values an observable stands for; `null` when it is of a kind that is kept but not understood. */
export function readObservable(
  object: JsonObject,
  byId: ReadonlyMap<string, JsonObject>,
): Candidate[] | null {
  const type = text(object, 'type') ?? '';
  if (type === 'file') return readFile(object);
  if (type === 'user-account') return readAccount(object);
  if (type === 'bank-account') return readBankAccount(object, byId);
  for (const property of ['value', 'address']) {
    const known = pathTypes[`${type}:${property}`];
    const raw = text(object, property);
    if (known && raw !== null) return [{ type: known, raw }];
  }
  const main = Object.hasOwn(MAIN_PROPERTY, type) ? MAIN_PROPERTY[type] : undefined;
  if (!main || !has(object, main)) return null;
  return [{ type: 'other', raw: String(object[main]), path: `${type}:${main}` }];
}

function readFile(object: JsonObject): Candidate[] | null {
  const hashes = isObject(object.hashes) ? Object.entries(object.hashes) : [];
  const found = hashes.flatMap(([name, raw]): Candidate[] => {
    const type = hashTypeNamed(name);
    return type && typeof raw === 'string' ? [{ type, raw }] : [];
  });
  if (found.length > 0) return found;
  const name = text(object, 'name');
  return name === null ? null : [{ type: 'other', raw: name, path: 'file:name' }];
}

function readAccount(object: JsonObject): Candidate[] | null {
  const platform = platformNamed(text(object, 'account_type') ?? '');
  const raw = text(object, 'account_login') ?? text(object, 'user_id');
  if (raw === null) return null;
  return platform
    ? [{ type: 'messenger', raw, options: { platform } }]
    : [{ type: 'other', raw, path: 'user-account:account_login' }];
}

function readBankAccount(object: JsonObject, byId: ReadonlyMap<string, JsonObject>): Candidate[] | null {
  const country = byId.get(text(object, 'country_ref') ?? '');
  const issuer = byId.get(text(object, 'issuer_ref') ?? '');
  return bankCandidate({
    iban: text(object, 'iban') ?? undefined,
    number: text(object, 'account_number') ?? undefined,
    bank: text(object, 'bic') ?? (issuer && text(issuer, 'name')) ?? undefined,
    country: (country && text(country, 'country')) ?? undefined,
  });
}
