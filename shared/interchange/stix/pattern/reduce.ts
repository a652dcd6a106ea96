import { platformNamed } from '../../families/messenger.ts';
import { type Candidate, hashTypeNamed, pathTypes } from './candidates.ts';
import type { Comparison, Observation, Test } from './parse-pattern.ts';

/**
 * The values a pattern looks for, when it says no more than "any of these": a disjunction of equalities, one file by
 * its hashes, a name and its addresses, an account with its bank or platform. `null` for every other pattern: it is
 * kept whole. [IN-42]
 */
export function reducePattern(observation: Observation): Candidate[] | null {
  if (observation.kind === 'observe') return reduceTest(observation.test);
  if (observation.kind !== 'or') return null;
  return union(observation.parts.map(reducePattern));
}

function reduceTest(test: Test): Candidate[] | null {
  if (test.kind === 'compare') return reduceGroup([test]);
  if (test.kind === 'or') return union(test.parts.map(reduceTest));
  const comparisons = test.parts.flatMap((part) => (part.kind === 'compare' ? [part] : []));
  return comparisons.length === test.parts.length ? reduceGroup(comparisons) : null;
}

function union(parts: readonly (Candidate[] | null)[]): Candidate[] | null {
  const all: Candidate[] = [];
  for (const part of parts) {
    if (part === null) return null;
    all.push(...part);
  }
  return all;
}

/** Comparisons that hold together, on one object. */
function reduceGroup(group: readonly Comparison[]): Candidate[] | null {
  const [first] = group;
  if (!first || group.some(({ object }) => object !== first.object)) return null;
  const said = group.filter(({ path }) => !path.endsWith('_ref.type') && path !== 'type');
  if (said.some((comparison) => !isEquality(comparison))) return null;
  if (said.length === 1 && said[0]) return reduceSingle(said[0]);
  switch (first.object) {
    case 'file':
      return reduceFile(said);
    case 'domain-name':
      return said.every(({ path }) => path === 'value' || path === 'resolves_to_refs[*].value')
        ? said.flatMap((comparison) => reduceSingle(comparison) ?? [])
        : null;
    case 'network-traffic':
      return reduceTraffic(said);
    case 'user-account':
      return reduceAccount(said);
    case 'bank-account':
      return reduceBankAccount(said);
    default:
      return null;
  }
}

function isEquality({ operator, negated }: Comparison): boolean {
  return !negated && (operator === '=' || operator === 'IN' || operator === 'ISSUBSET');
}

function reduceSingle({ object, path, operator, values }: Comparison): Candidate[] | null {
  const type =
    object === 'file' && path.startsWith('hashes.')
      ? hashTypeNamed(path.slice(7))
      : pathTypes[`${object}:${path}`];
  if (operator === 'ISSUBSET') {
    return type === 'ip' || path.endsWith('_ref.value')
      ? [{ type: 'cidr', raw: values[0]?.text ?? '' }]
      : null;
  }
  if (values.some(({ kind }) => kind !== 'string')) return null;
  const named = `${object}:${path}`;
  return values.map(({ text: raw }) => {
    if (type) return { type, raw };
    return { type: 'other', raw, path: named };
  });
}

/** A hash says which file it is; name, size and media type beside it add nothing to look for. */
function reduceFile(said: readonly Comparison[]): Candidate[] | null {
  const hashes = said.filter(({ path }) => path.startsWith('hashes.'));
  const rest = said.filter(({ path }) => !path.startsWith('hashes.'));
  if (hashes.length === 0 || rest.some(({ path }) => !['name', 'size', 'mime_type'].includes(path)))
    return null;
  const known = hashes.filter(({ path }) => hashTypeNamed(path.slice(7)) !== null);
  return known.length === 0 ? null : known.flatMap((comparison) => reduceSingle(comparison) ?? []);
}

function reduceTraffic(said: readonly Comparison[]): Candidate[] | null {
  const ends = said.filter(({ path }) => path === 'dst_ref.value' || path === 'src_ref.value');
  const [end] = ends;
  const rest = said.filter((comparison) => comparison !== end);
  if (!end || ends.length > 1 || end.operator !== '=') return null;
  if (rest.some(({ path }) => !/^(?:(?:dst|src)_port|protocols\[[*\d]+\])$/.test(path))) return null;
  const port = rest.find(({ path }) => path === end.path.replace('_ref.value', '_port'));
  const number = port?.operator === '=' ? port.values[0]?.text : undefined;
  return (reduceSingle(end) ?? []).map((found) =>
    number === undefined ? found : { ...found, port: number },
  );
}

function reduceAccount(said: readonly Comparison[]): Candidate[] | null {
  const values = textByPath(said, ['account_type', 'account_login', 'user_id', 'display_name']);
  const raw = values?.account_login ?? values?.user_id;
  const platform = platformNamed(values?.account_type ?? '');
  return raw !== undefined && platform ? [{ type: 'messenger', raw, options: { platform } }] : null;
}

function reduceBankAccount(said: readonly Comparison[]): Candidate[] | null {
  const values = textByPath(said, [
    'iban',
    'account_number',
    'bic',
    'country_ref.country',
    'issuer_ref.name',
    'currency',
  ]);
  if (values === null) return null;
  return bankCandidate({
    iban: values.iban,
    number: values.account_number,
    bank: values.bic ?? values['issuer_ref.name'],
    country: values['country_ref.country'],
  });
}

type BankFacts = {
  readonly iban: string | undefined;
  readonly number: string | undefined;
  readonly bank: string | undefined;
  readonly country: string | undefined;
};

/** The IBAN where there is one, else the number with its bank and country. */
export function bankCandidate({ iban, number, bank, country }: BankFacts): Candidate[] | null {
  if (iban !== undefined) return [{ type: 'iban', raw: iban }];
  if (number === undefined) return null;
  const options = {
    ...(bank === undefined ? {} : { bank }),
    ...(country === undefined ? {} : { defaultCountry: country.toUpperCase() }),
  };
  return [{ type: 'bank-account', raw: number, options }];
}

/** One string for each path, when there are no other paths, lists or repetitions. */
function textByPath(
  said: readonly Comparison[],
  paths: readonly string[],
): Partial<Record<string, string>> | null {
  const values: Record<string, string> = {};
  for (const { path, operator, values: literals } of said) {
    const [literal] = literals;
    if (
      operator !== '=' ||
      !paths.includes(path) ||
      literal?.kind !== 'string' ||
      Object.hasOwn(values, path)
    )
      return null;
    values[path] = literal.text;
  }
  return values;
}
