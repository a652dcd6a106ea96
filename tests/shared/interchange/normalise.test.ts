import { describe, expect, test } from 'vitest';

import { canonicalise, isSelectorType } from '#shared/interchange/selector.ts';

import { readJson } from './data.ts';

type Case = {
  type: string;
  input: string;
  canonical?: string;
  error?: string;
  region?: string;
  chain?: string;
  platform?: string;
  kind?: string;
  warning?: string;
};
const { cases } = readJson<{ cases: Case[] }>('normalise/cases.json');
const inScope = cases.filter(({ type }) => isSelectorType(type));

describe('[IN-1] every case of the shared list has its canonical form or its refusal', () => {
  test.each(inScope)(
    '$type $input',
    ({ type, input, region, canonical, error, chain, platform, kind, warning }) => {
      if (!isSelectorType(type)) throw new Error(type);
      const result = canonicalise(type, input, region === undefined ? {} : { defaultCountry: region });
      if (error !== undefined) {
        expect(result).toEqual(expect.objectContaining({ ok: false, code: error }));
        return;
      }
      if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
      const { selector, notes } = result;
      expect({
        type: selector.type,
        canonical: selector.value,
        chain: selector.meta?.chain,
        platform: selector.meta?.platform,
      }).toEqual({ type, canonical, chain, platform });
      if (kind !== undefined) expect(selector.meta?.kind).toBe(kind);
      expect(notes.includes('known-benign')).toBe(warning !== undefined);
      if (chain === 'solana') expect(notes).toEqual(['no-checksum']);
    },
  );
});

test('[IN-1] the types of the shared list that are not built yet are these', () => {
  const left = cases.filter(({ type }) => !isSelectorType(type)).map(({ type }) => type);
  expect([...new Set(left)]).toEqual(['mac', 'asn', 'cve', 'imei', 'card', 'national-id', 'regkey']);
});
