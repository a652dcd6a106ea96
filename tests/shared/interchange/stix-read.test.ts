import { describe, expect, test } from 'vitest';

import { tlpDefinition } from '#shared/interchange/stix/markings/marking-ids.ts';
import { parsePattern } from '#shared/interchange/stix/pattern/parse-pattern.ts';
import { readBundle, readBundleText, type StixResult } from '#shared/interchange/stix/read-bundle.ts';
import { tlpLabels } from '#shared/policy/markings.ts';

import { readJson, readText } from './data.ts';

const id = (type: string, end: number) => `${type}--8e2e2d2b-17d4-4cbf-938f-${String(end).padStart(12, '0')}`;
const time = '2024-05-01T00:00:00.000Z';

function indicator(pattern: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: id('indicator', 1),
    created: time,
    modified: time,
    pattern,
    pattern_type: 'stix',
    valid_from: time,
    ...more,
  };
}

const bundle = (...objects: unknown[]) => ({ type: 'bundle', id: id('bundle', 0), objects });
const keys = ({ rows }: StixResult) => rows.map(({ selectors }) => selectors.map(({ key }) => key));
const codes = ({ problems }: StixResult) => problems.map(({ path, code }) => `${path} ${code}`);

describe('[IN-40] objects that cannot be used are reported one by one', () => {
  const cases = readJson<{ case: string; object: unknown; error: string }[]>('stix/invalid-objects.json');
  test.each(cases)('$case', ({ object, error }) => {
    const sound = indicator("[ipv4-addr:value = '198.51.100.7']", { id: id('indicator', 2) });
    const result = readBundle(bundle(object, sound));
    expect(result.problems.map(({ code }) => code)).toEqual([error]);
    expect(keys(result)).toEqual([['ipv4:198.51.100.7']]);
  });

  test('with the place where they break', () => {
    const { problems } = readBundle(bundle(indicator('[ipv4-addr:value = 198.51.100.1]')));
    expect(problems).toEqual([
      {
        path: 'objects[0].pattern',
        objectId: id('indicator', 1),
        code: 'bad-pattern',
        message: 'At character 26 of the pattern: expected ], but found ".100".',
      },
    ]);
  });

  test('and so is what is no bundle, no JSON, too deep or too much', () => {
    expect(codes(readBundle(null))).toEqual([' invalid']);
    expect(codes(readBundle(bundle(1, [], 'x')))).toEqual([
      'objects[0] invalid',
      'objects[1] invalid',
      'objects[2] invalid',
    ]);
    expect(codes(readBundleText(readText('stix/validator-examples/invalid_braces.json')))).toEqual([
      ' not-json',
    ]);
    expect(codes(readBundle(readJson('stix/validator-examples/invalid_timestamp.json')))).toEqual([
      'modified modified-before-created',
    ]);
    expect(readBundle(readJson('stix/validator-examples/identity_unicode.json'))).toEqual({
      rows: [],
      problems: [],
      kept: 0,
    });
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(codes(readBundle(bundle({ ...indicator('x'), deep })))).toEqual(['objects[0] too-large']);
    const many = Array.from({ length: 50_001 }, () => 0);
    expect(readBundle({ objects: many }).problems.at(-1)).toMatchObject({
      path: 'objects[50000]',
      code: 'too-large',
    });
    expect(codes(readBundle(bundle(indicator('x', { spec_version: '1.2' }))))).toEqual([
      'objects[0].spec_version unsupported-spec-version',
    ]);
  });

  test('while references that lead nowhere and repeated ids are remarked', () => {
    const pattern = "[domain-name:value = 'evil.example']";
    const newer = indicator("[domain-name:value = 'worse.example']", { modified: '2024-06-01T00:00:00Z' });
    const result = readBundle(bundle(indicator(pattern, { created_by_ref: id('identity', 9) }), newer));
    expect(codes(result)).toEqual(['objects[0] duplicate']);
    expect(keys(result)).toEqual([['domain:worse.example']]);
    expect(codes(readBundle(bundle(indicator(pattern, { created_by_ref: id('identity', 9) }))))).toEqual([
      'objects[0].created_by_ref dangling-reference',
    ]);
  });
});

describe('[IN-40] published bundles are read', () => {
  test('Pegasus gives exactly the lists published beside it', () => {
    const { rows, problems, kept } = readBundle(readJson('stix/amnesty/pegasus.stix2.json'));
    const listed = (name: string) => readText(`stix/amnesty/pegasus-${name}.txt`).trim().split('\n').sort();
    const values = (type: string, path?: string) => {
      const found = rows.flatMap(({ selectors }) =>
        selectors.filter((one) => one.type === type && one.meta?.path === path),
      );
      return [...new Set(found.map(({ value }) => value))].sort();
    };
    expect(values('domain')).toEqual(listed('domains'));
    expect(values('email')).toEqual(listed('emails'));
    expect(values('other', 'process:name')).toEqual(listed('processes'));
    expect({ problems, kept, rows: rows.length, files: values('other', 'file:name').length }).toEqual({
      problems: [],
      kept: 1550,
      rows: 1549,
      files: 1,
    });
  });

  test('the OASIS examples, with what each gives and what is reported', () => {
    const read = (name: string) => {
      const result = readBundle(readJson(`stix/oasis-examples/${name}.json`));
      return {
        keys: keys(result).flat(),
        problems: codes(result),
        tlp: result.rows.map(({ markings }) => markings.tlp),
      };
    };
    expect({
      c2: read('indicator-for-c2-ip-address'),
      url: read('indicator-for-malicious-url'),
      granular: read('using-granular-markings'),
      sighting: read('sighting-of-an-indicator'),
      email: read('malicious-email-indicator-with-attachment'),
    }).toMatchSnapshot();
    const apt1 = readBundle(readJson('stix/oasis-examples/apt1.json'));
    expect({ rows: apt1.rows.length, problems: codes(apt1) }).toMatchSnapshot();
  });

  test('the examples of every observable', () => {
    const result = readBundle(readJson('stix/sco-examples-bundle.json'));
    expect({ keys: keys(result).flat().sort(), problems: codes(result) }).toMatchSnapshot();
  });

  test('observations of STIX 2.0', () => {
    const observed = {
      type: 'observed-data',
      id: id('observed-data', 1),
      created: time,
      modified: time,
      objects: { 0: { type: 'ipv4-addr', value: '198.51.100.7' }, 1: { type: 'x-thing' } },
    };
    const result = readBundle({ type: 'bundle', spec_version: '2.0', objects: [observed] });
    expect(result.rows).toMatchObject([
      {
        path: "objects[0].objects['0']",
        type: 'ipv4-addr',
        actionable: false,
        selectors: [{ key: 'ipv4:198.51.100.7' }],
      },
    ]);
    expect(result.kept).toBe(1);
  });
});

describe('[IN-41] patterns are read by the grammar of the standard', () => {
  const cases = readJson<Record<'valid' | 'invalid', { pattern: string }[]>>('stix/pattern-cases.json');
  test.each(cases.valid)('accepts $pattern', ({ pattern }) => {
    expect(parsePattern(pattern)).toMatchObject({ ok: true });
  });
  test.each(cases.invalid)('refuses $pattern', ({ pattern }) => {
    expect(parsePattern(pattern)).toMatchObject({ ok: false });
  });
  test('and neither length nor depth breaks it', () => {
    expect(parsePattern(`${'('.repeat(5000)}[a:b=1]`)).toMatchObject({
      ok: false,
      message: expect.stringContaining('nested'),
    });
    expect(parsePattern(`[a:b = '${'x'.repeat(300_000)}']`)).toMatchObject({ ok: false });
    expect(parsePattern(`[${"a:b = 'x' OR ".repeat(15_000)}a:b = 'x']`)).toMatchObject({ ok: true });
  });
});

describe('[IN-42] a pattern is reduced to values only when it says no more than "any of these"', () => {
  const reduced = (pattern: string) => keys(readBundle(bundle(indicator(pattern))))[0];
  test.each([
    [
      "[domain-name:value = 'a.example' OR domain-name:value = 'b.example']",
      ['domain:a.example', 'domain:b.example'],
    ],
    [
      "[domain-name:value IN ('a.example', 'b.example')] OR [url:value = 'http://c.example/']",
      ['domain:a.example', 'domain:b.example', 'url:http://c.example/'],
    ],
    ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", ['cidr:198.51.100.0/24']],
    [
      "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.33/32']",
      ['ipv4:203.0.113.33'],
    ],
    [
      "[network-traffic:dst_ref.value = 'a.example' AND network-traffic:dst_port = '443']",
      ['domain:a.example'],
    ],
    [
      "[domain-name:value = 'www.5z8.info' AND domain-name:resolves_to_refs[*].value = '198.51.100.1/32']",
      ['domain:www.5z8.info', 'ipv4:198.51.100.1'],
    ],
    [
      "[file:name = 'x.exe' AND file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a69faa' AND file:hashes.'SHA-1' = 'adc83b19e793491b1c6ea0fd8b46cd9f32e592fc']",
      ['md5:cead3f77f6cda6ec00f57d76c9a69faa', 'sha1:adc83b19e793491b1c6ea0fd8b46cd9f32e592fc'],
    ],
    [
      "[user-account:account_type = 'telegram' AND user-account:account_login = 'Some_Bot']",
      ['messenger:telegram:some_bot'],
    ],
    ["[process:name = 'bh']", ['other:process:name:bh']],
  ])('%s', (pattern, expected) => {
    expect(reduced(pattern)).toEqual(expected);
  });

  test.each([
    "[domain-name:value != 'a.example']",
    "[domain-name:value LIKE '%.example']",
    "[domain-name:value = 'a.example'] AND [domain-name:value = 'b.example']",
    "[domain-name:value = 'a.example'] REPEATS 5 TIMES",
    "[file:name = 'x.exe' AND file:size = 12]",
    "[ipv4-addr:value = '198.51.100.7' AND (url:value = 'http://a.example/' OR url:value = 'http://b.example/')]",
    '[file:size = 12]',
  ])('kept whole: %s', (pattern) => {
    const result = readBundle(bundle(indicator(pattern)));
    expect(result.rows).toMatchObject([{ selectors: [], pattern, actionable: true }]);
    expect(codes(result)).toEqual(['objects[0].pattern pattern-only']);
  });

  test('and a value that is not valid is reported while the others are kept', () => {
    const result = readBundle(
      bundle(indicator("[file:hashes.MD5 = 'abc' OR file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a69faa']")),
    );
    expect(keys(result)).toEqual([['md5:cead3f77f6cda6ec00f57d76c9a69faa']]);
    expect(codes(result)).toEqual(['objects[0].pattern wrong-length']);
  });
});

describe('[IN-43] markings', () => {
  const marked = (refs: string[], ...definitions: unknown[]) => {
    const result = readBundle(
      bundle(indicator("[url:value = 'http://a.example/']", { object_marking_refs: refs }), ...definitions),
    );
    return { ...result.rows[0]?.markings, problems: result.problems.map(({ code }) => code) };
  };
  const tables = readJson<{
    tlp2: { id: string }[];
    tlp1_stix21_spec: { id: string; definition: { tlp: string } }[];
    opencti_amber_strict_id: string;
  }>('stix/tlp-markings.json');

  test('of TLP 2.0, TLP 1.0 and OpenCTI are known by their ids', () => {
    expect(tables.tlp2.map(({ id }) => marked([id]).tlp)).toEqual([...tlpLabels]);
    expect(tables.tlp1_stix21_spec.map(({ id }) => marked([id]).tlp)).toEqual([
      'CLEAR',
      'GREEN',
      'AMBER',
      'RED',
    ]);
    expect(marked([tables.opencti_amber_strict_id])).toEqual({
      tlp: 'AMBER+STRICT',
      pap: null,
      problems: [],
    });
    expect(marked(['marking-definition--a6f20d4d-0360-59b6-ba22-3b48707828b1'])).toEqual({
      tlp: null,
      pap: 'AMBER',
      problems: [],
    });
    expect(tables.tlp2).toEqual(tlpLabels.map(tlpDefinition));
  });

  test('of other ids are known by their definitions', () => {
    const foreign = id('marking-definition', 7);
    const head = { type: 'marking-definition', spec_version: '2.1', id: foreign, created: time };
    expect([
      marked([foreign], { ...head, definition_type: 'tlp', definition: { tlp: 'green' } }),
      marked([foreign], { ...head, definition_type: 'statement', definition: { statement: 'Copyright' } }),
      marked([foreign], { ...head, definition_type: 'statement', definition: { statement: 'PAP:RED' } }),
      marked([foreign], {
        ...head,
        definition_type: 'statement',
        name: 'TLP:AMBER+STRICT',
        definition: { statement: 'see name' },
      }),
    ]).toEqual([
      { tlp: 'GREEN', pap: null, problems: [] },
      { tlp: null, pap: null, problems: [] },
      { tlp: null, pap: 'RED', problems: [] },
      { tlp: 'AMBER+STRICT', pap: null, problems: [] },
    ]);
  });

  test('that are not understood hold the object as RED', () => {
    const foreign = id('marking-definition', 7);
    const purple = {
      type: 'marking-definition',
      id: foreign,
      created: time,
      definition_type: 'tlp',
      definition: { tlp: 'purple' },
    };
    const held = { tlp: 'RED', pap: null, problems: ['unknown-marking'] };
    expect([
      marked([foreign]),
      marked([foreign], purple),
      marked([foreign, String(tables.tlp2[0]?.id)]),
    ]).toEqual([held, held, held]);
  });

  test('of single properties count for the whole object', () => {
    const { rows } = readBundle(
      bundle(
        indicator("[url:value = 'http://a.example/']", {
          granular_markings: [{ marking_ref: tables.tlp2[4]?.id, selectors: ['description'] }],
        }),
      ),
    );
    expect(rows[0]?.markings.tlp).toBe('RED');
  });
});

test('[IN-44] an observable that an indicator stands for only adds its stricter marking', () => {
  const [, green, , , red] = readJson<{ tlp2: { id: string }[] }>('stix/tlp-markings.json').tlp2;
  const url = {
    type: 'url',
    spec_version: '2.1',
    id: id('url', 1),
    value: 'http://a.example/',
    object_marking_refs: [red?.id],
  };
  const other = { type: 'ipv4-addr', spec_version: '2.1', id: id('ipv4-addr', 1), value: '198.51.100.7' };
  const observed = {
    type: 'observed-data',
    spec_version: '2.1',
    id: id('observed-data', 1),
    created: time,
    modified: time,
    object_refs: [other.id],
    object_marking_refs: [red?.id],
  };
  const result = readBundle(
    bundle(
      indicator("[url:value = 'http://a.example/']", { object_marking_refs: [green?.id] }),
      url,
      other,
      observed,
    ),
  );
  expect(
    result.rows.map(({ type, markings, actionable }) => ({ type, tlp: markings.tlp, actionable })),
  ).toEqual([
    { type: 'indicator', tlp: 'RED', actionable: true },
    { type: 'ipv4-addr', tlp: 'RED', actionable: false },
  ]);
});
