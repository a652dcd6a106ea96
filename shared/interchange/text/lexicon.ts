import { type Bank, banks } from '../families/bank-names.ts';
import { type Platform, platforms } from '../families/messenger.ts';
import { foldText } from '../fold.ts';

/** What the words before a number say it is. `never`: a number of another kind, which is not an indicator. */
export type NumberKind = 'phone' | 'account' | 'never';

/** English, Thai, Vietnamese, Malay and Indonesian, Filipino, Khmer, Lao, Burmese, Chinese. */
const WORDS: Readonly<Record<NumberKind, readonly string[]>> = {
  phone: [
    'phone|telephone|tel|mobile|cell|call|called|caller|hp|handphone|contact|hotline|sms|text|whatsapp|wa|viber|signal',
    'promptpay|paynow|duitnow|gcash|maya|paymaya|kbzpay|truemoney|momo',
    'โทร|โทรศัพท์|เบอร์|มือถือ|พร้อมเพย์|วอทส์แอป',
    'điện thoại|sđt|đt|gọi|số',
    'telefon|telepon|nomor|no hp|nombor|hubungi',
    'telepono|numero|tawag',
    'ទូរស័ព្ទ|លេខ',
    'ເບີ|ໂທ',
    'ဖုန်း',
    '电话|手机|電話|手機|致电|致電',
  ],
  account: [
    'account|accounts|acct|a/c|acc|bank',
    'บัญชี|ธนาคาร',
    'stk|tài khoản|ngân hàng',
    'rekening|norek|rek|akaun|bank',
    'គណនី',
    'ບັນຊີ',
    'အကောင့်|ဘဏ်',
    '账号|账户|帐号|帳號|賬號|户口|戶口|银行|銀行',
  ],
  never: [
    'ref|reference|otp|pin|imei|imsi|iccid|cvv|passport|nric|ic|uen|ext|extension|room|invoice|order|case|ticket|tax id',
    'thai id|national id|id card|id no|id number|card|card no|visa|mastercard|transaction|tracking|serial|version|price',
    'บัตรประชาชน|เลขบัตร|บัตร|รหัส|อ้างอิง|จำนวน',
    'cccd|cmnd|mã',
    'ktp|nik|mykad|kad pengenalan',
    '身份证|身份證|编号|編號|验证码|驗證碼|金额|金額',
  ],
};

export const numberWords: Readonly<Record<NumberKind, RegExp>> = {
  phone: anyOf(WORDS.phone.flatMap(split)),
  account: anyOf(WORDS.account.flatMap(split)),
  never: anyOf(WORDS.never.flatMap(split)),
};

const bankByAlias = new Map<string, Bank[]>();
for (const bank of banks) {
  for (const alias of [...bank.aliases, bank.bic.toLowerCase()]) {
    const folded = foldText(alias);
    bankByAlias.set(folded, [...(bankByAlias.get(folded) ?? []), bank]);
  }
}

export const bankWords: RegExp = anyOf([...bankByAlias.keys()]);

export function bankCalled(alias: string, country: string | undefined): Bank | null {
  const found = bankByAlias.get(alias.toLowerCase()) ?? [];
  return found.find((bank) => bank.country === country) ?? found[0] ?? null;
}

const PLATFORM_WORDS: Readonly<Record<Platform, string>> = {
  telegram: 'telegram|tg|เทเลแกรม|电报|電報',
  whatsapp: 'whatsapp|wa',
  line: 'line|ไลน์',
  zalo: 'zalo',
  wechat: 'wechat|weixin|微信|วีแชท',
  viber: 'viber',
  signal: 'signal',
  facebook: 'facebook|fb|เฟซบุ๊ก|เฟสบุ๊ค',
  instagram: 'instagram|ig|ไอจี',
  x: 'twitter',
  tiktok: 'tiktok|ติ๊กต็อก',
};

const platformByWord = new Map<string, Platform>();
for (const platform of platforms) {
  for (const word of split(PLATFORM_WORDS[platform])) platformByWord.set(word, platform);
}

export const platformWords: RegExp = anyOf([...platformByWord.keys()]);

export function platformCalled(word: string): Platform | null {
  return platformByWord.get(word.toLowerCase()) ?? null;
}

function split(words: string): string[] {
  return words.split('|').map(foldText);
}

/** Longest first; Latin words are whole words, others may be part of a longer one. */
function anyOf(words: readonly string[]): RegExp {
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length).map(asPattern);
  return new RegExp(sorted.join('|'), 'giu');
}

function asPattern(word: string): string {
  const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return /^[\p{Script=Latin}/ ]+$/u.test(word)
    ? `(?<![\\p{Script=Latin}])${literal}(?![\\p{Script=Latin}])`
    : literal;
}
