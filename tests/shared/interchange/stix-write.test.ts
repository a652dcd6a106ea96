import fc from 'fast-check';
import { expect, test } from 'vitest';

import { observableId } from '#shared/interchange/stix/ids.ts';
import { readBundle } from '#shared/interchange/stix/read-bundle.ts';
import { type IndicatorExport, writeBundle } from '#shared/interchange/stix/write-bundle.ts';
import { papLabels, tlpLabels } from '#shared/policy/markings.ts';

import { readJson } from './data.ts';
import { someSelectors } from './samples.ts';

const may = Date.UTC(2024, 4, 1);
const identities = [
  { id: 'desk-sg', name: 'Singapore desk', created: may },
  { id: 'desk-th', name: 'Thailand desk', created: may },
];
const options = { identities, now: Date.UTC(2024, 5, 1) };

const anyIndicator: fc.Arbitrary<Omit<IndicatorExport, 'id'>> = fc.record({
  originator: fc.constantFrom('desk-sg', 'desk-th'),
  selector: fc.constantFrom(...someSelectors),
  markings: fc.record({ tlp: fc.constantFrom(...tlpLabels), pap: fc.constantFrom(...papLabels) }),
  confidence: fc.option(fc.integer({ min: 0, max: 100 })),
  created: fc.integer({ min: may, max: may + 1e9 }),
  modified: fc.integer({ min: may + 1e9, max: may + 2e9 }),
  validFrom: fc.option(fc.integer({ min: may, max: may + 1e9 })),
  validUntil: fc.option(fc.integer({ min: may + 2e9, max: may + 3e9 })),
  name: fc.string(),
  description: fc.string({ unit: 'grapheme' }),
  revoked: fc.boolean(),
});
const anyIndicators = fc
  .array(anyIndicator, { maxLength: 12 })
  .map((list): IndicatorExport[] => list.map((one, at) => ({ ...one, id: `contribution-${at}` })));

test('[IN-45] what is written reads back with its selectors, markings, confidence and validity', () => {
  fc.assert(
    fc.property(anyIndicators, (indicators) => {
      const bundle = writeBundle(indicators, options);
      const { rows, problems } = readBundle(JSON.parse(JSON.stringify(bundle)));
      const sent = [...indicators].sort((a, b) => (order(a) < order(b) ? -1 : 1));
      expect(problems).toEqual([]);
      expect(rows).toMatchObject(sent.map(asRow));
      expect(rows.length).toBe(sent.length);
    }),
  );
});

function order({ originator, id }: IndicatorExport): string {
  return `${originator} ${id}`;
}

function asRow({ selector, originator, id: _, validFrom, ...rest }: IndicatorExport) {
  return {
    ...rest,
    type: 'indicator',
    selectors: [selector],
    validFrom: validFrom ?? rest.created,
    createdBy: { name: identities.find(({ id }) => id === originator)?.name },
  };
}

test('[IN-46] observables have the ids of the standard', () => {
  const { vectors } = readJson<{
    vectors: { type: string; id_contributing_properties: Record<string, string>; expected_id: string }[];
  }>('stix/deterministic-id-vectors.json');
  for (const { type, id_contributing_properties, expected_id } of vectors) {
    expect(observableId(type, id_contributing_properties)).toBe(expected_id);
  }
  const { objects } = writeBundle([sample(0)], options);
  expect(objects.find(({ type }) => type === 'ipv4-addr')?.id).toBe(
    observableId('ipv4-addr', { value: '198.51.100.7' }),
  );
});

test('[IN-46] equal account numbers of two banks are two observables', () => {
  const same = someSelectors.filter(({ type, value }) => type === 'bank-account' && value === '1234567890');
  const { objects } = writeBundle(
    same.map((selector, at) => ({ ...sample(at), selector })),
    options,
  );
  expect(
    objects
      .filter(({ type }) => type === 'bank-account')
      .map(({ bic }) => bic)
      .sort(),
  ).toEqual(['CENAIDJA', 'KASITHBK']);
});

test('[IN-47] the same input gives the same bytes, in whatever order it comes', () => {
  fc.assert(
    fc.property(anyIndicators, (indicators) => {
      const once = JSON.stringify(writeBundle(indicators, options));
      expect(
        JSON.stringify(
          writeBundle([...indicators].reverse(), { ...options, identities: [...identities].reverse() }),
        ),
      ).toBe(once);
    }),
  );
});

test('[IN-47] a bundle carries what it refers to, and one observable under its strictest marking', () => {
  const bundle = writeBundle([sample(0), { ...sample(1), markings: { tlp: 'RED', pap: 'CLEAR' } }], options);
  expect(JSON.stringify(bundle, null, 1)).toMatchSnapshot();
  const ids = new Set(bundle.objects.map(({ id }) => id));
  const refs = bundle.objects.flatMap((object) =>
    [object.created_by_ref ?? [], object.object_marking_refs ?? []].flat(),
  );
  expect(refs.filter((ref) => !ids.has(String(ref)))).toEqual([]);
});

function sample(at: number): IndicatorExport {
  const [selector] = someSelectors;
  if (!selector) throw new Error('no selectors');
  return {
    id: `contribution-${at}`,
    originator: 'desk-sg',
    selector,
    markings: { tlp: 'GREEN', pap: 'AMBER' },
    confidence: 70,
    created: may,
    modified: may,
    validFrom: null,
    validUntil: null,
    name: '',
    description: 'C2 of the mule network',
    revoked: false,
  };
}
