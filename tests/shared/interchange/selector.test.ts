import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '#shared/interchange/fold.ts';
import {
  canonicalise,
  defang,
  detectType,
  refang,
  type Selector,
  selectorTypes,
} from '#shared/interchange/selector.ts';
import type { CanonicaliseOptions } from '#shared/interchange/verdict.ts';

import { readJson, readText } from './data.ts';

const types = selectorTypes.map(({ type }) => type);

function selector(type: Selector['type'], raw: string, options: CanonicaliseOptions = {}): Selector {
  const result = canonicalise(type, raw, options);
  if (!result.ok) throw new Error(`${raw}: ${result.code} ${result.message}`);
  return result.selector;
}

function code(type: Selector['type'], raw: string, options: CanonicaliseOptions = {}): string {
  const result = canonicalise(type, raw, options);
  return result.ok ? `accepted ${result.selector.key}` : result.code;
}

test('[IN-1] the key has the namespace that makes the value unique', () => {
  expect(selector('crypto', 'TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8')).toEqual({
    type: 'crypto',
    value: 'TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8',
    display: 'TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8',
    key: 'crypto:tron:TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8',
    meta: { chain: 'tron' },
  });
  expect(selector('messenger', '@Some_Bot').key).toBe('messenger:telegram:some_bot');
  expect(selector('bank-account', '123-4-56789-0', { bank: 'กสิกรไทย' }).key).toBe(
    'bank-account:TH:KASITHBK:1234567890',
  );
  expect(selector('phone', '081-234-5678', { defaultCountry: 'TH' })).toEqual({
    type: 'phone',
    value: '+66812345678',
    display: '+66 81 234 5678',
    key: 'phone:+66812345678',
    meta: { country: 'TH', kind: 'mobile' },
  });
});

test('[IN-1] a canonical value is its own canonical form', () => {
  const values: [Selector['type'], string][] = [
    ['url', ' hxxps://Evil-Bank[.]example:443/a/../login '],
    ['domain', 'dаs-bank.example.com'],
    ['crypto', 'qpusmp64rajses77x95g9ah825mtyyv74smwwkxhx3'],
    ['crypto', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['ipv6', '2001:0DB8::0:1'],
    ['iban', 'gb82 west 1234 5698 7654 32'],
  ];
  for (const [type, raw] of values) {
    const once = selector(type, raw);
    expect(selector(once.type, once.value)).toEqual(once);
  }
});

test('[IN-2] reading never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.string({ unit: 'binary', maxLength: 80 }), (type, raw) => {
      const result = canonicalise(type, raw, { defaultCountry: 'TH' });
      if (result.ok) expect(result.selector.key.startsWith(result.selector.type)).toBe(true);
      detectType(raw);
      defang(raw);
      refang(raw);
    }),
    { numRuns: 3000 },
  );
});

test('[IN-2] a value of a sibling type keeps its own type and says so', () => {
  expect(canonicalise('ipv4', '192.0.2.77/24')).toEqual({
    ok: true,
    selector: { type: 'cidr', value: '192.0.2.0/24', display: '192.0.2.0/24', key: 'cidr:192.0.2.0/24' },
    notes: ['retyped', 'host-bits-cleared'],
  });
  expect(canonicalise('ipv4', '2001:db8::1').ok && canonicalise('ipv4', '2001:db8::1')).toMatchObject({
    notes: ['retyped'],
  });
  expect(selector('bank-account', 'DE44 5001 0517 5407 3249 31').key).toBe('iban:DE44500105175407324931');
});

test('[IN-3] refusals carry the code of the catalogue', () => {
  expect([
    code('ipv4', ''),
    code('other', 'x'.repeat(65_537)),
    code('sha1', 'a'.repeat(64)),
    code('phone', '081-234-5678'),
    code('phone', '8.12346E+08', { defaultCountry: 'TH' }),
    code('bank-account', '8.12346E+14'),
    code('iban', 'TH82WEST12345698765432'),
    code('crypto', 'bc1q0PJM0e4e6fqaw3xnxrhv8vaqle8e6d405fnk6x'),
    code('messenger', 'someone'),
    code('domain', 'evil.notatld'),
    code('bank-account', '12345', { bank: 'KBank' }),
  ]).toEqual([
    'empty',
    'too-large',
    'wrong-length',
    'unknown-country',
    'number-in-scientific-notation',
    'number-in-scientific-notation',
    'unknown-country',
    'mixed-case',
    'ambiguous',
    'no-public-suffix',
    'wrong-length',
  ]);
});

test('[IN-4] folding undoes national digits, look-alike dots, odd spaces and invisible characters', () => {
  expect(foldText('ｅｘａｍ\u200bｐｌｅ．ｏｒｇ')).toBe('example.org');
  expect(foldText('198\u202451\u3002100\uff0e9')).toBe('198.51.100.9');
  expect(foldText('๐๘๑ ០១២ ၀၁၂ ٠١٢ +６５')).toBe('081 012 012 012 +65');
  expect(foldText('a\u2003b\u00a0c\u00add\r\n')).toBe('a b cd\n');
});

describe('[IN-5] defanged forms', () => {
  test('are shown for what can be clicked, and read back to the same selector', () => {
    const shown = (type: Selector['type'], raw: string) => {
      const found = selector(type, raw);
      expect(selector(found.type, defang(found))).toEqual(found);
      return defang(found);
    };
    expect(shown('url', 'https://evil.example:8443/a.b?c=d@e.example')).toBe(
      'hxxps://evil[.]example:8443/a[.]b?c=d[@]e[.]example',
    );
    expect(shown('url', 'ftp://198.51.100.7/x')).toBe('fxp://198[.]51[.]100[.]7/x');
    expect(shown('email', 'a.b@evil.example')).toBe('a[.]b[@]evil[.]example');
    expect(shown('ipv4', '198.51.100.7')).toBe('198[.]51[.]100[.]7');
    expect(shown('ipv6', '2001:db8::1')).toBe('2001[:]db8::1');
    expect(shown('cidr', '198.51.100.0/24')).toBe('198[.]51[.]100[.]0/24');
    expect(shown('phone', '+6581234567')).toBe('+65 8123 4567');
  });

  test.each(readJson<{ input: string; expected: string }[]>('text/refang-cases.json'))(
    'are undone: $input',
    ({ input, expected }) => {
      expect(refang(input)).toBe(expected);
    },
  );
});

test('[IN-6] a type is given only where the form leaves no doubt', () => {
  const wanted = {
    '198.51.100.7': 'ipv4',
    '2001:db8::/32': 'cidr',
    '[2001:db8::1]': 'ipv6',
    'evil[.]example': 'domain',
    'hxxp://evil.example/x': 'url',
    'https://t.me/some_bot': 'messenger',
    'a@evil.example': 'email',
    d41d8cd98f00b204e9800998ecf8427e: 'md5',
    TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8: 'crypto',
    '+65 8123 4567': 'phone',
    DE44500105175407324931: 'iban',
    '1234567890': null,
    '8.12346E+08': null,
    Alice: null,
    '': null,
  };
  expect(Object.fromEntries(Object.keys(wanted).map((raw) => [raw, detectType(raw)]))).toEqual(wanted);
});

test('[IN-10] zone ids go, malformed addresses are refused', () => {
  expect(selector('ipv6', 'fe80::1%eth0').value).toBe('fe80::1');
  expect(selector('ipv6', '[2001:DB8::1]').value).toBe('2001:db8::1');
  expect(selector('cidr', '2001:db8:ffff::1/33').value).toBe('2001:db8:8000::/33');
  expect([
    code('ipv4', '1.2.3'),
    code('ipv6', '1:2'),
    code('cidr', '10.0.0.0/33'),
    code('cidr', '10.0.0.0'),
  ]).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
});

test('[IN-11] a look-alike name is remarked and shown in both forms', () => {
  expect(canonicalise('domain', 'dаs-bank[.]example[.]com')).toEqual({
    ok: true,
    selector: {
      type: 'domain',
      value: 'xn--ds-bank-2fg.example.com',
      display: 'xn--ds-bank-2fg.example.com',
      key: 'domain:xn--ds-bank-2fg.example.com',
      meta: { unicode: 'dаs-bank.example.com' },
    },
    notes: ['mixed-script'],
  });
  expect(canonicalise('domain', 'háčkyčárky.cz')).toMatchObject({ notes: [] });
  expect([code('domain', 'co.uk'), code('domain', '198.51.100.7'), code('domain', 'a..b.com')]).toEqual([
    'no-public-suffix',
    'invalid',
    'invalid',
  ]);
});

test('[IN-12] URLs keep fragment and host, and credentials are remarked', () => {
  expect(canonicalise('url', 'https://bob@evil.example/#/login')).toEqual({
    ok: true,
    selector: {
      type: 'url',
      value: 'https://bob@evil.example/#/login',
      display: 'https://bob@evil.example/#/login',
      key: 'url:https://bob@evil.example/#/login',
      meta: { host: 'evil.example' },
    },
    notes: ['credentials'],
  });
  expect([
    code('url', 'evil.example/x'),
    code('url', 'http://localhost/'),
    code('url', 'data:text/html,x'),
  ]).toEqual(['invalid', 'no-public-suffix', 'scheme-not-allowed']);
  expect(selector('email', 'mailto:Bob@EVIL.example').value).toBe('bob@evil.example');
});

test('[IN-13] the hash of an empty file is remarked', () => {
  expect(canonicalise('sha1', 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709')).toMatchObject({
    ok: true,
    notes: ['known-benign'],
  });
});

test('[IN-14] the same number is one key however it is written', () => {
  const spellings = [
    '+66 (0)81 234 5678',
    '0066812345678',
    '๐๘๑-๒๓๔-๕๖๗๘',
    '081 234 5678',
    'tel:+66812345678',
  ];
  expect(new Set(spellings.map((raw) => selector('phone', raw, { defaultCountry: 'TH' }).key))).toEqual(
    new Set(['phone:+66812345678']),
  );
});

test('[IN-15] length and check digits of an IBAN are checked by country', () => {
  expect(selector('iban', 'IBAN: DE44 5001 0517 5407 3249 31').display).toBe('DE44 5001 0517 5407 3249 31');
  expect([code('iban', 'DE4450010517540732493'), code('iban', 'DE44500105175407324932')]).toEqual([
    'wrong-length',
    'bad-checksum',
  ]);
});

test('[IN-16] an account without a bank has a weak key and says so', () => {
  expect(canonicalise('bank-account', '123-4-56789-0', { defaultCountry: 'TH' })).toEqual({
    ok: true,
    selector: {
      type: 'bank-account',
      value: '1234567890',
      display: '1234567890',
      key: 'bank-account:TH::1234567890',
      meta: { country: 'TH' },
    },
    notes: ['weak-key'],
  });
  expect(selector('bank-account', 'BCA 1234567890').meta).toEqual({
    country: 'ID',
    bank: 'BCA',
    bic: 'CENAIDJA',
  });
  expect(selector('bank-account', 'Village Bank: 12-345-678', { defaultCountry: 'LA' }).key).toBe(
    'bank-account:LA:VILLAGE BANK:12345678',
  );
});

describe('[IN-17] published addresses are accepted on their chain', () => {
  const chains: Record<string, string> = {
    bitcoin: 'btc',
    bitcoincash: 'bch',
    dashcoin: 'dash',
    dogecoin: 'doge',
    ethereum: 'evm',
    litecoin: 'ltc',
    monero: 'xmr',
    ripple: 'xrp',
    zcash: 'zec',
  };
  test('of the multi-chain list, all but one old Cardano address', () => {
    const wrong: string[] = [];
    for (const line of readText('crypto/blockchain-valid.ioc').trim().split('\n')) {
      const [chain = '', address = ''] = line.split(/\s+/);
      const result = canonicalise('crypto', address);
      if (!result.ok || result.selector.meta?.chain !== (chains[chain] ?? chain)) wrong.push(line);
    }
    expect(wrong).toEqual(['cardano Ae2tdPwUPEYwFx4dmJheyNPPYXtvHbJLeCaA96o6Y2iiUL18cAt7AizN2zG']);
  });

  test('of the sanctions lists, all but two entries that the lists file under the wrong chain', () => {
    const lists = {
      XBT: 'btc',
      BCH: 'bch',
      BSV: 'btc',
      BTG: 'btg',
      DASH: 'dash',
      ETH: 'evm',
      LTC: 'ltc',
      TRX: 'tron',
      XMR: 'xmr',
      XRP: 'xrp',
      ZEC: 'zec',
    };
    const wrong: string[] = [];
    for (const [list, chain] of Object.entries(lists)) {
      for (const address of readJson<string[]>(`crypto/ofac-${list}.json`)) {
        const result = canonicalise('crypto', address);
        const found = result.ok ? result.selector.meta?.chain : result.code;
        if (found !== chain) wrong.push(`${list} ${found}`);
      }
    }
    expect(wrong).toEqual(['XBT tron', 'BCH btc']);
  });

  test('and one changed character is refused', () => {
    expect(code('crypto', '0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toBe('bad-checksum');
    expect(code('crypto', 'bc1q0pjm0e4e6fqaw3xnxrhv8vaqle8e6d405fnk6y')).toBe('bad-checksum');
    expect(code('crypto', 'rKveEyR1SrkWbJX214xcfH43ZsoGMb3PEw')).toBe('bad-checksum');
    expect(code('crypto', 'qpusmp64rajses77x95g9ah825mtyyv74smwwkxhx4')).toBe('bad-checksum');
  });
});

test('[IN-18] links, handles and numbers of messengers come to one form', () => {
  const keys = [
    selector('messenger', 'https://t.me/s/Some_Channel').key,
    selector('messenger', 'https://t.me/joinchat/AbCdEf12_xY').key,
    selector('messenger', 'https://api.whatsapp.com/send?phone=6581234567&text=hi').key,
    selector('messenger', 'line: @000exampl').key,
    selector('messenger', 'https://line.me/R/ti/p/%40000exampl').key,
    selector('messenger', 'https://zalo.me/0912345678', { defaultCountry: 'VN' }).key,
    selector('messenger', 'https://www.facebook.com/profile.php?id=100000000000001').key,
    selector('messenger', '0912345678', { defaultCountry: 'VN', platform: 'zalo' }).key,
  ];
  expect(keys).toEqual([
    'messenger:telegram:some_channel',
    'messenger:telegram:+AbCdEf12_xY',
    'messenger:whatsapp:+6581234567',
    'messenger:line:@000exampl',
    'messenger:line:@000exampl',
    'messenger:zalo:+84912345678',
    'messenger:facebook:100000000000001',
    'messenger:zalo:+84912345678',
  ]);
  expect(detectType('https://www.instagram.com/p/Cxyz/')).toBe('url');
});

test('[IN-19] other text is kept as it is', () => {
  expect(selector('other', '  ABSCarryLog ').key).toBe('other:ABSCarryLog');
});
