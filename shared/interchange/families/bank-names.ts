/** A bank by its BIC (first eight characters), the name officers use, and how it is named in texts (folded, lower case). */
export type Bank = {
  readonly bic: string;
  readonly name: string;
  readonly country: string;
  readonly aliases: readonly string[];
  /** Lengths of its account numbers, where they are fixed. */
  readonly digits?: readonly number[];
};

type Row = readonly [bic: string, name: string, aliases: string, digits?: readonly number[]];

const TH: readonly Row[] = [
  ['KASITHBK', 'KASIKORNBANK', 'kbank|kasikorn|kasikornbank|กสิกร|กสิกรไทย|กสิกรไทย', [10]],
  ['BKKBTHBK', 'Bangkok Bank', 'bbl|bangkok bank|ธนาคารกรุงเทพ|แบงก์กรุงเทพ', [10]],
  ['SICOTHBK', 'SCB', 'scb|siam commercial|ไทยพาณิชย์', [10]],
  ['KRTHTHBK', 'Krungthai', 'ktb|krungthai|krung thai|กรุงไทย', [10]],
  ['AYUDTHBK', 'Krungsri', 'krungsri|bank of ayudhya|กรุงศรี|กรุงศรีอยุธยา', [10]],
  ['TMBKTHBK', 'ttb', 'ttb|tmbthanachart|ทหารไทยธนชาต|ทีทีบี', [10]],
  ['GSBATHBK', 'GSB', 'gsb|government savings bank|ออมสิน', [12]],
];
const MY: readonly Row[] = [
  ['MBBEMYKL', 'Maybank', 'maybank|malayan banking', [12]],
  ['CIBBMYKL', 'CIMB', 'cimb', [10, 14]],
  ['PBBEMYKL', 'Public Bank', 'public bank|pbb', [10]],
  ['RHBBMYKL', 'RHB', 'rhb', [14]],
  ['HLBBMYKL', 'Hong Leong Bank', 'hong leong|hlb', [11]],
  ['BKRMMYKL', 'Bank Rakyat', 'bank rakyat'],
  ['BSNAMYK1', 'BSN', 'bsn|bank simpanan nasional'],
];
const ID: readonly Row[] = [
  ['CENAIDJA', 'BCA', 'bca|bank central asia', [10]],
  ['BRINIDJA', 'BRI', 'bri|bank rakyat indonesia', [15]],
  ['BMRIIDJA', 'Mandiri', 'mandiri|bank mandiri', [13]],
  ['BNINIDJA', 'BNI', 'bni|bank negara indonesia', [10]],
  ['BNIAIDJA', 'CIMB Niaga', 'cimb niaga'],
  ['BBBAIDJA', 'Permata', 'permata|permatabank'],
];
const SG: readonly Row[] = [
  ['DBSSSGSG', 'DBS', 'dbs|posb'],
  ['OCBCSGSG', 'OCBC', 'ocbc'],
  ['UOVBSGSG', 'UOB', 'uob|united overseas bank', [10]],
];
const PH: readonly Row[] = [
  ['BNORPHMM', 'BDO', 'bdo|banco de oro'],
  ['BOPIPHMM', 'BPI', 'bpi|bank of the philippine islands', [10]],
  ['MBTCPHMM', 'Metrobank', 'metrobank', [13]],
  ['TLBPPHMM', 'Landbank', 'landbank|land bank'],
];
const VN: readonly Row[] = [
  ['BFTVVNVX', 'Vietcombank', 'vietcombank|vcb'],
  ['VTCBVNVX', 'Techcombank', 'techcombank|tcb'],
  ['BIDVVNVX', 'BIDV', 'bidv'],
  ['ICBVVNVX', 'VietinBank', 'vietinbank'],
  ['VBAAVNVX', 'Agribank', 'agribank', [13]],
  ['MSCBVNVX', 'MB Bank', 'mbbank|mb bank'],
  ['ASCBVNVX', 'ACB', 'acb'],
  ['TPBVVNVX', 'TPBank', 'tpbank'],
];
const OTHERS: Readonly<Record<string, readonly Row[]>> = {
  KH: [
    ['ABAAKHPP', 'ABA', 'aba|aba bank', [9]],
    ['ACLBKHPP', 'ACLEDA', 'acleda|អេស៊ីលីដា'],
  ],
  LA: [['COEBLALA', 'BCEL', 'bcel']],
  MM: [
    ['KBZBMMMY', 'KBZ', 'kbz|kanbawza'],
    ['AYABMMMY', 'AYA', 'aya bank'],
  ],
};

export const banks: readonly Bank[] = Object.entries({ TH, MY, ID, SG, PH, VN, ...OTHERS }).flatMap(
  ([country, rows]) => rows.map((row) => toBank(country, row)),
);

/** By BIC, name or alias, in any case; when a name exists in two countries, that of `country`. */
export function findBank(text: string, country?: string): Bank | null {
  const wanted = text.trim().toLowerCase();
  const found = banks.filter((bank) => isNamed(bank, wanted));
  return found.find((bank) => bank.country === country) ?? found[0] ?? null;
}

function isNamed(bank: Bank, wanted: string): boolean {
  const bic = bank.bic.toLowerCase();
  return (
    wanted === bic ||
    wanted.slice(0, 8) === bic ||
    bank.name.toLowerCase() === wanted ||
    bank.aliases.includes(wanted)
  );
}

function toBank(country: string, [bic, name, aliases, digits]: Row): Bank {
  const names = aliases.split('|').map((alias) => alias.normalize('NFKC'));
  return { bic, name, country, aliases: names, ...(digits ? { digits } : {}) };
}
