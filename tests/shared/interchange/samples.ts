import { canonicalise, type Selector, type SelectorType } from '#shared/interchange/selector.ts';
import type { CanonicaliseOptions } from '#shared/interchange/verdict.ts';

const given: readonly (readonly [SelectorType, string, CanonicaliseOptions?])[] = [
  ['ipv4', '198.51.100.7'],
  ['ipv6', '2001:db8::1'],
  ['cidr', '198.51.100.0/24'],
  ['cidr', '2001:db8::/32'],
  ['domain', 'evil-bank.example'],
  ['domain', 'dаs-bank.example.com'],
  ['url', "https://evil.example/it's?a=%27#x"],
  ['url', 'http://198.51.100.7:8080/p.apk'],
  ['email', 'john.doe@evil.example'],
  ['md5', '68b329da9893e34099c7d8ad5cb9c940'],
  ['sha1', 'adc83b19e793491b1c6ea0fd8b46cd9f32e592fc'],
  ['sha224', 'a'.repeat(56)],
  ['sha256', '01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b'],
  ['sha384', 'b'.repeat(96)],
  ['sha512', 'c'.repeat(128)],
  ['phone', '+66812345678'],
  ['crypto', 'TEuc5z9Sz2tMogNfk5A8k2xUyJHcMhdSD8'],
  ['crypto', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  ['crypto', 'BodrVjrAFR3crHeaqr9yuUGryTKkP4RJqGVnxSb7rQpU'],
  ['crypto', 'qpusmp64rajses77x95g9ah825mtyyv74smwwkxhx3'],
  ['iban', 'DE44500105175407324931'],
  ['bank-account', '1234567890', { bank: 'KBank' }],
  ['bank-account', '1234567890', { bank: 'BCA' }],
  ['bank-account', '12345678', { bank: 'Village Bank', defaultCountry: 'LA' }],
  ['bank-account', '12345678', { bank: "O'Hara's \\ Bank", defaultCountry: 'LA' }],
  ['bank-account', '9988776655', { defaultCountry: 'KH' }],
  ['messenger', 'https://t.me/+AbCdEf12_xY'],
  ['messenger', '@some_bot'],
  ['messenger', 'line: @000exampl'],
  ['messenger', 'line:exampleline99'],
  ['messenger', 'https://wa.me/6581234567'],
  ['messenger', 'https://zalo.me/0912345678', { defaultCountry: 'VN' }],
  ['messenger', 'https://www.facebook.com/profile.php?id=100000000000001'],
  ['other', 'ABSCarryLog'],
  ['other', "any words, 'quoted' \\ and more"],
];

/** One selector or more of every type. */
export const someSelectors: readonly Selector[] = given.map(([type, raw, options]) => {
  const result = canonicalise(type, raw, options);
  if (!result.ok) throw new Error(`${raw}: ${result.message}`);
  return result.selector;
});
