import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalise, isSelectorType } from '#shared/interchange/selector.ts';
import { type Find, type ScanOptions, scanText } from '#shared/interchange/text/scan-text.ts';

import { readJson, readText } from './data.ts';

type Wanted = { type: string; value: string; [fact: string]: unknown };
const FACTS = ['chain', 'platform', 'kind', 'bank', 'country'];

function isFound(finds: readonly Find[], wanted: Wanted): boolean {
  return finds.some(
    ({ selector }) =>
      selector.type === wanted.type &&
      selector.value === wanted.value &&
      FACTS.every((fact) => wanted[fact] === undefined || wanted[fact] === selector.meta?.[fact]),
  );
}

/** `+` ticked, `-` only offered. */
function brief(text: string, options: ScanOptions = {}): string[] {
  return scanText(text, options).map(({ ticked, selector }) => `${ticked ? '+' : '-'}${selector.key}`);
}

describe('[IN-20] reports in the languages of the region', () => {
  type Case = { id: string; region: string; text: string; expected: Wanted[]; must_not?: Wanted[] };
  const { cases } = readJson<{ cases: Case[] }>('text/asean-fraud-cases.json');

  test.each(cases)(
    '$id gives what is expected, and nothing that must not be found',
    ({ region, text, expected, must_not }) => {
      const finds = scanText(text, { defaultCountry: region });
      expect(
        expected.filter(({ type }) => isSelectorType(type)).filter((wanted) => !isFound(finds, wanted)),
      ).toEqual([]);
      expect((must_not ?? []).filter((wanted) => isFound(finds, wanted))).toEqual([]);
    },
  );

  test('47 of the 56 expected values are found; the others are of types not built yet', () => {
    const all = cases.flatMap(({ id, region, text, expected }) => {
      const finds = scanText(text, { defaultCountry: region });
      return expected.map((wanted) => ({ name: `${id} ${wanted.type}`, found: isFound(finds, wanted) }));
    });
    expect({ found: all.filter(({ found }) => found).length, expected: all.length }).toEqual({
      found: 47,
      expected: 56,
    });
    expect(all.filter(({ found }) => !found).map(({ name }) => name)).toEqual([
      'th-digits payment-proxy',
      'ms-macau-1 payment-proxy',
      'id-pinjol-1 android-package',
      'tl-gcash-1 payment-proxy',
      'chat-export payment-proxy',
      'ids imei',
      'ids national-id',
      'ids card',
      'noise cve',
    ]);
  });
});

describe('[IN-20] published reports', () => {
  type Expected = {
    must_contain: Record<string, string[]>;
    ports: Record<string, number>;
    must_not_be_domain: string[];
    must_flag_domain: string[];
  };
  test.each(['casbaneiro', 'ngate', 'powerpool', 'spyloan', 'telekopye'])('%s', (name) => {
    const expected = readJson<Expected>(`text/eset-${name}.expected.json`);
    const finds = scanText(readText(`text/eset-${name}.adoc.txt`));
    const byValue = new Map(finds.map((find) => [find.selector.value, find]));
    const missing = Object.values(expected.must_contain)
      .flat()
      .filter((value) => !byValue.get(value)?.ticked);
    // A registry key: a type that is not built yet.
    expect(missing).toEqual(
      name === 'casbaneiro' ? ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'] : [],
    );
    expect(expected.must_not_be_domain.filter((value) => byValue.has(value))).toEqual([]);
    expect(expected.must_flag_domain.filter((value) => byValue.get(value)?.ticked)).toEqual([]);
    const ports = finds.flatMap(({ selector: { value, meta } }) =>
      meta?.port ? [[value, Number(meta.port)]] : [],
    );
    expect(Object.fromEntries(ports)).toEqual(expected.ports);
  });

  test('the input of ioc-extractor, all but two AS numbers', () => {
    const { expected } = readJson<{ expected: Record<string, string[]> }>(
      'text/ioc-extractor-input.expected.json',
    );
    const keys = new Set(
      scanText(readText('text/ioc-extractor-input.txt')).map(({ selector }) => selector.key),
    );
    const type = (name: string) => (['btc', 'xmr', 'eth'].includes(name) ? 'crypto' : name);
    const missing = Object.entries(expected).flatMap(([name, values]) =>
      values.filter((value) => {
        const named = type(name);
        const result = isSelectorType(named) ? canonicalise(named, value) : null;
        return !result?.ok || !keys.has(result.selector.key);
      }),
    );
    expect(missing).toEqual(['AS3462', 'AS15169']);
  });

  test('the cases of msticpy, but hashes glued to other letters are not taken', () => {
    const cases =
      readJson<{ name: string; input: string; expected: Record<string, unknown> }[]>(
        'text/msticpy-cases.json',
      );
    const missing = cases.flatMap(({ name, input, expected }) => {
      const values = new Set(scanText(input).map(({ selector }) => selector.value));
      const wanted = Object.values(expected).flatMap((list) => (Array.isArray(list) ? list : []));
      return wanted.filter((value) => !values.has(value)).map((value) => `${name} ${value}`);
    });
    expect(missing).toEqual([]);
    expect(brief(cases.find(({ name }) => name === 'domain_neg_test')?.input ?? '')).toEqual([]);
    expect(brief(cases.find(({ name }) => name === 'sha1_hash_test')?.input ?? '')).toEqual([
      '+sha1:00236a2ae558018ed13b5222ef1bd98700000003',
    ]);
  });
});

test('[IN-21] a find says where it stands, and the longest of overlapping finds stays', () => {
  const text =
    'See hxxps://a[.]example/198.51.100.7/x, mail bob@b.example (198.51.100.0/24) ｏｒ c.example:8443.';
  const finds = scanText(text);
  expect(
    finds.map(({ selector, raw, span }) => [selector.key, raw, text.slice(span.from, span.to) === raw]),
  ).toEqual([
    ['url:https://a.example/198.51.100.7/x', 'hxxps://a[.]example/198.51.100.7/x', true],
    ['domain:a.example', 'a[.]example', true],
    ['email:bob@b.example', 'bob@b.example', true],
    ['cidr:198.51.100.0/24', '198.51.100.0/24', true],
    ['domain:c.example', 'c.example', true],
  ]);
  expect(finds[4]).toEqual({
    span: { from: text.indexOf('c.example'), to: text.indexOf('c.example') + 9 },
    raw: 'c.example',
    selector: {
      type: 'domain',
      value: 'c.example',
      display: 'c.example',
      key: 'domain:c.example',
      meta: { port: '8443' },
    },
    ticked: false,
    notes: ['not-defanged'],
  });
});

test('[IN-21] signs and words around an address are not part of it', () => {
  expect(
    brief(
      '(see https://a.example/b_(c)), [x](https://d.example/e). <https://f.example>; "https://g.example/"',
    ),
  ).toEqual([
    '+url:https://a.example/b_(c)',
    '-domain:a.example',
    '+url:https://d.example/e',
    '-domain:d.example',
    '+url:https://f.example/',
    '-domain:f.example',
    '+url:https://g.example/',
    '-domain:g.example',
  ]);
  expect(brief('请访问https://a.example/b并登录。网址b.example。然后 เข้าเว็บc.exampleแล้ว')).toEqual([
    '+url:https://a.example/b',
    '-domain:a.example',
    '-domain:xn--jwt6sr96c.xn--ses554g',
    '+domain:b.example',
    '+domain:c.example',
  ]);
});

test('[IN-22] names of files, detections, programs and two sentences are not domains', () => {
  expect(
    brief(
      'invoice.zip report.py C:\\dir\\evil.com Win32/Agent.TDK Banload.YJD com.bank.app setup.exe e.g. done.It was',
    ),
  ).toEqual(['-domain:done.it']);
  expect(brief('evil[.]zip Agent[.]tel com.bank[.]app')).toEqual([
    '+domain:evil.zip',
    '+domain:agent.tel',
    '+domain:com.bank.app',
  ]);
  expect(
    brief('at 09:14:02 on 12/03/2567 std::fade aa:bb:cc:dd:ee:ff version 1.2.3.4, section 2.1.1.3'),
  ).toEqual([]);
});

test('[IN-23] bare digits are what the words around them say, and are only offered without such words', () => {
  const th = { defaultCountry: 'TH' };
  expect(brief('โทร 081-234-5678', th)).toEqual(['+phone:+66812345678']);
  expect(brief('0812345678', th)).toEqual(['-phone:+66812345678']);
  expect(brief('0812345678 0812345679\n12 0812345670', th)).toEqual([
    '-phone:+66812345678',
    '-phone:+66812345679',
    '-phone:+66812345670',
  ]);
  expect(brief('บัญชี กสิกรไทย 123-4-56789-0', th)).toEqual(['+bank-account:TH:KASITHBK:1234567890']);
  expect(brief('1234567890 (KBank)', th)).toEqual(['+bank-account:TH:KASITHBK:1234567890']);
  expect(brief('1234567890', th)).toEqual(['-bank-account:TH::1234567890']);
  expect(
    brief('OTP 123456, ref 4471029384, card 4242 4242 4242 4242, IMEI 352099001761481, 250,000 บาท', th),
  ).toEqual([]);
  expect(brief('STK 0123456789 Vietcombank; gọi 0912.345.678', { defaultCountry: 'VN' })).toEqual([
    '+bank-account:VN:BFTVVNVX:0123456789',
    '+phone:+84912345678',
  ]);
});

test('[IN-24] accounts are read after the name of their messenger', () => {
  expect(
    brief('LINE ID: sunshine99, ไลน์ไอดี exampleline99, 微信号：wx_example1, Telegram: @some_bot'),
  ).toEqual([
    '+messenger:line:sunshine99',
    '+messenger:line:exampleline99',
    '+messenger:wechat:wx_example1',
    '+messenger:telegram:some_bot',
  ]);
  expect(brief('ask @some_bot or t.me/other_bot, on Line with friends, Telegram: group')).toEqual([
    '-messenger:telegram:some_bot',
    '+messenger:telegram:other_bot',
  ]);
});

test('[IN-25] in a text that defangs its indicators, live addresses are only offered', () => {
  expect(brief('https://news.example/report on evil[.]example and safe.example')).toEqual([
    '-url:https://news.example/report',
    '-domain:news.example',
    '+domain:evil.example',
    '-domain:safe.example',
  ]);
  expect(brief('https://news.example/report')).toEqual([
    '+url:https://news.example/report',
    '-domain:news.example',
  ]);
});

describe('[IN-26] the work grows no faster than the text', () => {
  const hostile = [
    'a',
    '@',
    'a.',
    'http://',
    ' [.] ',
    '[',
    'hxxp',
    '0812345678 ',
    '1',
    '1-',
    '0 ',
    '00 ',
    '000 ',
    'a:',
    'a@b.',
    '(1',
    'http://a.com/((',
    'DE44 5001 ',
    'AA11 ',
    'บัญชี1234567890',
    'e\u0301',
    'xn--a.',
    '网址a.com。',
    'line: ',
    '\\.',
    '[[.',
    '\u200b',
  ];
  const work = (text: string) => {
    let characters = 0;
    scanText(text, { defaultCountry: 'TH', meter: (more) => (characters += more) });
    return characters;
  };
  test.each(hostile)(
    'for 32 KB of %j',
    (part) => {
      const text = part.repeat(Math.ceil(32_768 / part.length));
      const [half, whole] = [work(text.slice(0, text.length / 2)), work(text)];
      expect(whole).toBeLessThanOrEqual(2 * half + 1_000);
      expect(whole).toBeLessThanOrEqual(40 * text.length);
    },
    30_000,
  );

  test('and finds are limited', () => {
    const text = 'a.example '.repeat(20_000);
    expect([scanText(text).length, scanText(text, { limit: 5 }).length]).toEqual([10_000, 5]);
  });
});

test('[IN-20] whatever the text, every find stands where it says and reads as what it says', () => {
  const parts = fc.constantFrom(
    'evil[.]example',
    'hxxp://',
    '@',
    '+65 8123 4567',
    'โทร ',
    ' ',
    '\n',
    '.',
    '(',
    'ﬁ',
    'é',
    '๐๘๑',
    '\u200b',
    '/',
    'https://a.example/é',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 20 }),
      (pieces) => {
        const text = pieces.join('');
        let at = 0;
        for (const { span, raw, selector } of scanText(text, { defaultCountry: 'TH' })) {
          expect(text.slice(span.from, span.to)).toBe(raw);
          expect(span.from).toBeGreaterThanOrEqual(at);
          expect(span.to).toBeGreaterThan(span.from);
          const options = {
            defaultCountry: 'TH',
            ...(selector.meta?.platform ? { platform: selector.meta.platform } : {}),
          };
          expect(canonicalise(selector.type, selector.value, options)).toMatchObject({
            ok: true,
            selector: { key: selector.key },
          });
          at = span.from;
        }
      },
    ),
    { numRuns: 500 },
  );
});
