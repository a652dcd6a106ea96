import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decodeText } from '#shared/interchange/csv/decode-text.ts';
import { readCsv } from '#shared/interchange/csv/read-csv.ts';
import type { CsvVerdict, ReadCsvOptions } from '#shared/interchange/csv/rows.ts';
import { type CsvExportRow, writeCsv, writeTable } from '#shared/interchange/csv/write-csv.ts';
import { readPap, readTlp } from '#shared/interchange/marking-names.ts';
import { canonicalise } from '#shared/interchange/selector.ts';

import { readBytes, readJson, readText } from './data.ts';
import { someSelectors } from './samples.ts';

const options: ReadCsvOptions = { defaults: { tlp: 'AMBER', pap: 'AMBER' }, defaultCountry: 'TH' };

function brief(verdict: CsvVerdict): string {
  if (verdict.result === 'skipped') return `${verdict.row} skipped ${verdict.code}`;
  if (verdict.result === 'error') return `${verdict.row} ${verdict.column} ${verdict.code}`;
  return `${verdict.row} ${verdict.result} ${verdict.selector.key}`;
}

type Expected = {
  row: number;
  result: string;
  type?: string;
  value?: string;
  tlp?: string;
  code?: string;
  chain?: string;
  into_row?: number;
};

test('[IN-30] every row of the messy file has the verdict listed beside it', () => {
  const { delimiter, rows } = readJson<{ delimiter: string; rows: Expected[] }>(
    'csv/messy-semicolon-bom.expected.json',
  );
  const { text, encoding } = decodeText(readBytes('csv/messy-semicolon-bom.csv'));
  const result = readCsv(text, options);
  expect({ encoding, delimiter: result.delimiter }).toEqual({ encoding: 'utf-8', delimiter });
  expect(result.verdicts.map(({ row, result }) => ({ row, result }))).toEqual(
    rows.map(({ row, result }) => ({ row, result })),
  );
  for (const [at, wanted] of rows.entries()) expect(asExpected(result.verdicts[at], wanted)).toEqual(wanted);
});

function asExpected(verdict: CsvVerdict | undefined, wanted: Expected): unknown {
  if (!verdict) return undefined;
  if (verdict.result === 'skipped' || verdict.result === 'error') return { ...wanted, code: verdict.code };
  const { selector, tlp, marked } = verdict;
  return {
    ...wanted,
    ...(wanted.type === undefined ? {} : { type: selector.type, value: selector.value }),
    ...(wanted.chain === undefined ? {} : { chain: selector.meta?.chain }),
    ...(wanted.tlp === undefined ? {} : { tlp: marked ? tlp : 'default' }),
    ...(verdict.result === 'merged' ? { into_row: verdict.intoRow } : {}),
  };
}

test('[IN-30] published lists are read whole', () => {
  const nso = readCsv(readText('csv/amnesty-2018-nso-domain-ip.csv'), options);
  expect(nso.columns).toEqual({
    values: [
      { column: 0, type: 'domain' },
      { column: 1, type: 'ip' },
    ],
  });
  expect(nso.verdicts.filter(({ result }) => result === 'error')).toEqual([]);
  const stalkerware = readCsv(readText('csv/stalkerware-network.csv'), options);
  expect(stalkerware.header).toEqual(['type', 'indicator', 'app']);
  expect(stalkerware.verdicts.filter(({ result }) => result === 'error')).toEqual([]);
  const retyped = stalkerware.verdicts.filter(
    (verdict) => verdict.result === 'ok' && verdict.notes.includes('retyped'),
  );
  expect(retyped.map(brief)).toEqual([
    '243 ok ipv4:178.63.71.15',
    '1023 ok url:https://github.com/earthshakira/android_hack',
    '1024 ok url:https://github.com/karma9874/AndroRAT',
  ]);
});

describe('[IN-31] columns are found', () => {
  test('by their headings, in several languages and in the form MISP exports', () => {
    const misp =
      'uuid,event_id,category,type,value,comment,to_ids,date\n' +
      '0,1,Network activity,ip-dst,198.51.100.7,c2,1,20240501\n' +
      '0,1,Financial fraud,btc,1G1J6kj1EvCo94mqYhFRMfrD6SaeLptaMJ,,1,20240501\n';
    expect(readCsv(misp, options).verdicts.map(brief)).toEqual([
      '2 ok ipv4:198.51.100.7',
      '3 ok crypto:btc:1G1J6kj1EvCo94mqYhFRMfrD6SaeLptaMJ',
    ]);
    const thai = 'เบอร์โทร,เลขที่บัญชี,ธนาคาร\n081-234-5678,123-4-56789-0,กสิกรไทย\n';
    expect(readCsv(thai, options).verdicts.map(brief)).toEqual([
      '2 ok phone:+66812345678',
      '2 ok bank-account:TH:KASITHBK:1234567890',
    ]);
    const platform = 'Telegram;Line\n@Some_Bot;exampleline99\n';
    expect(readCsv(platform, options).verdicts.map(brief)).toEqual([
      '2 ok messenger:telegram:some_bot',
      '2 ok messenger:line:exampleline99',
    ]);
  });

  test('by what the cells hold, where there are no headings', () => {
    const result = readCsv('evil.example,first report\n198.51.100.7,second\nAlice,third\n', options);
    expect(result.header).toBe(null);
    expect(result.verdicts.map(brief)).toEqual([
      '1 ok domain:evil.example',
      '2 ok ipv4:198.51.100.7',
      '3 1 ambiguous',
    ]);
  });

  test('as the officer chose them', () => {
    const columns = { values: [{ column: 1, type: 'phone' }], description: 0 } as const;
    const result = readCsv('a;0812345678\nb;0812345679\n', {
      ...options,
      columns,
      header: false,
      delimiter: ';',
    });
    expect(result.verdicts).toMatchObject([
      { row: 1, column: '2', result: 'ok', description: 'a', selector: { key: 'phone:+66812345678' } },
      { row: 2, column: '2', result: 'ok', description: 'b', selector: { key: 'phone:+66812345679' } },
    ]);
  });
});

test('[IN-32] the delimiter is the one that splits the lines evenly', () => {
  const delimiters = [',', ';', '\t', '|'];
  const found = delimiters.map((sign) => {
    const other = sign === ',' ? ';' : ',';
    return readCsv(
      `type${sign}value${sign}note\ndomain${sign}evil.example${sign}"a${other}b${sign}c"\n`,
      options,
    ).delimiter;
  });
  expect(found).toEqual(delimiters);
  expect(readCsv('sep=;\r\ntype;value\r\ndomain;evil.example', options).verdicts.map(brief)).toEqual([
    '2 ok domain:evil.example',
  ]);
});

test('[IN-33] a quotation mark that is never closed costs its own row only', () => {
  const text = 'type,value\ndomain,a.example\ndomain,"b.example\ndomain,c.example\ndomain,d.example\n';
  expect(readCsv(text, options).verdicts.map(brief)).toEqual([
    '2 ok domain:a.example',
    '3  bad-row',
    '4 ok domain:c.example',
    '5 ok domain:d.example',
  ]);
});

test('[IN-34] formulas and rounded numbers are refused with a way out', () => {
  const text =
    'type,value\nphone,+66812345678\ndomain,+evil.example\nmessenger,@some_bot\ndomain,@evil.example\n' +
    'url,=HYPERLINK(1)\nother,-2+3\nbank account,1.23457E+14\nphone,"\'+66812345679"\n';
  const { verdicts } = readCsv(text, options);
  expect(verdicts.map(brief)).toEqual([
    '2 ok phone:+66812345678',
    '3 value formula',
    '4 ok messenger:telegram:some_bot',
    '5 value formula',
    '6 value formula',
    '7 value formula',
    '8 value number-in-scientific-notation',
    '9 ok phone:+66812345679',
  ]);
  expect(verdicts[6]).toEqual({
    row: 8,
    column: 'value',
    raw: '1.23457E+14',
    result: 'error',
    code: 'number-in-scientific-notation',
    message: 'The spreadsheet has rounded this number: digits are lost.',
    hint: 'Format the column as text in the spreadsheet and export it again.',
  });
});

test('[IN-35] rows of one value become one indicator under the strictest marking, defaults included', () => {
  const text = 'value,tlp,pap\nevil.example,GREEN,CLEAR\nEVIL.example.,,RED\nother.example,clear,\n';
  expect(readCsv(text, options).indicators).toMatchObject([
    { selector: { key: 'domain:evil.example' }, rows: [2, 3], tlp: 'AMBER', pap: 'RED' },
    { selector: { key: 'domain:other.example' }, rows: [4], tlp: 'CLEAR', pap: 'AMBER' },
  ]);
});

test('[IN-7] a marking that is not known is never taken for a weaker one', () => {
  expect(
    ['TLP:WHITE', 'tlp: amber+strict', 'Amber Strict', 'RED', 'TLP:PURPLE', '', 'constructor'].map(readTlp),
  ).toEqual(['CLEAR', 'AMBER+STRICT', 'AMBER+STRICT', 'RED', null, null, null]);
  expect(['PAP:AMBER', 'white', 'AMBER+STRICT'].map(readPap)).toEqual(['AMBER', 'CLEAR', null]);
});

test('[IN-36] files in the encodings of the region are read', () => {
  const utf16 = (text: string, little: boolean) => {
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), little);
    return bytes;
  };
  expect([
    decodeText(new TextEncoder().encode('\ufeffบัญชี')),
    decodeText(utf16('\ufeffบัญชี', true)),
    decodeText(utf16('\ufeffบัญชี', false)),
    decodeText(utf16('type,value', true)),
    decodeText(Uint8Array.of(0xba, 0xd1, 0xad, 0xaa, 0xd5)),
    decodeText(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0xfc)),
  ]).toEqual([
    { text: 'บัญชี', encoding: 'utf-8' },
    { text: 'บัญชี', encoding: 'utf-16le' },
    { text: 'บัญชี', encoding: 'utf-16be' },
    { text: 'type,value', encoding: 'utf-16le' },
    { text: 'บัญชี', encoding: 'windows-874' },
    { text: 'caféü', encoding: 'windows-1252' },
  ]);
});

describe('[IN-37] written files', () => {
  test('hold nothing that a spreadsheet would run', () => {
    expect(writeTable([['=1+1', '+a', '-b', '@c', '\td', 'e"f', 'g,h', 'i\nj', 'k']])).toBe(
      `'=1+1,'+a,'-b,'@c,'\td,"e""f","g,h","i\nj",k\r\n`,
    );
  });

  test('are defanged on request and readable either way', () => {
    const result = canonicalise('url', 'https://evil.example/a');
    if (!result.ok) throw new Error(result.message);
    expect(writeCsv([row(result.selector)], { defanged: true })).toBe(
      '\ufefftype,value,TLP,PAP,first seen,last seen,confidence,originator,country,bank,platform,description\r\n' +
        'url,hxxps://evil[.]example/a,TLP:GREEN,PAP:AMBER,2024-05-01T00:00:00.000Z,,70,,,,,"said, ""so"""\r\n',
    );
  });

  test('give back the same selectors and facts', () => {
    fc.assert(
      fc.property(fc.subarray([...someSelectors]), fc.boolean(), (selectors, defanged) => {
        const back = readCsv(writeCsv(selectors.map(row), { defanged }), { defaults: options.defaults });
        expect(
          back.verdicts.map((verdict) => (verdict.result === 'ok' ? verdict.selector : verdict)),
        ).toEqual(selectors);
        expect(back.indicators.every(({ tlp, pap }) => tlp === 'GREEN' && pap === 'AMBER')).toBe(true);
      }),
    );
  });
});

function row(selector: CsvExportRow['selector']): CsvExportRow {
  const at = Date.UTC(2024, 4, 1);
  return {
    selector,
    tlp: 'GREEN',
    pap: 'AMBER',
    firstSeen: at,
    lastSeen: null,
    confidence: 70,
    description: 'said, "so"',
    originator: '',
  };
}
