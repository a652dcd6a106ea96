import { foldText } from '../../fold.ts';
import { accepted, type Canonical, refused } from '../../verdict.ts';
import {
  fromBase58,
  fromBase58Check,
  fromMoneroCheck,
  fromRippleCheck,
  isBech32,
  isCashAddress,
  isSegwit,
  toEip55,
} from './checksums.ts';

/** Version bytes of base58check addresses. A prefix shared by two chains (`3…`) goes to the more common one. */
const VERSIONS: readonly { readonly chain: string; readonly bytes: readonly number[] }[] = [
  { chain: 'btc', bytes: [0x00] },
  { chain: 'btc', bytes: [0x05] },
  { chain: 'ltc', bytes: [0x30] },
  { chain: 'ltc', bytes: [0x32] },
  { chain: 'doge', bytes: [0x1e] },
  { chain: 'doge', bytes: [0x16] },
  { chain: 'dash', bytes: [0x4c] },
  { chain: 'dash', bytes: [0x10] },
  { chain: 'btg', bytes: [0x26] },
  { chain: 'btg', bytes: [0x17] },
  { chain: 'tron', bytes: [0x41] },
  { chain: 'zec', bytes: [0x1c, 0xb8] },
  { chain: 'zec', bytes: [0x1c, 0xbd] },
  { chain: 'tezos', bytes: [0x06, 0xa1, 0x9f] },
  { chain: 'tezos', bytes: [0x06, 0xa1, 0xa1] },
  { chain: 'tezos', bytes: [0x06, 0xa1, 0xa4] },
  { chain: 'tezos', bytes: [0x02, 0x5a, 0x79] },
];
const MONERO_NETWORKS: ReadonlySet<number> = new Set([18, 19, 42]);
const SEGWIT = { bc: 'btc', ltc: 'ltc' } as const;

/** The chain is detected from the address and its checksum; a chain named beside it is only a hint and is not trusted. [IN-17] */
export function canonicaliseCrypto(raw: string): Canonical {
  const text = foldText(raw).trim();
  if (text.length > 120) return refused('wrong-length', 'Too long for an address.');
  if (/^0x/i.test(text)) return ethereum(text);
  if (/^(?:bc|ltc|addr|tb)1/i.test(text)) return bech(text);
  const cash = /^(?:bitcoincash:)?([qp][02-9ac-hj-np-z]{41})$/i.exec(text)?.[1];
  if (cash !== undefined) return bitcoinCash(cash);
  if (!/^[1-9A-HJ-NP-Za-km-z]{25,106}$/.test(text))
    return refused('invalid', 'This is not an address of a known chain.');
  return base58Address(text);
}

function ethereum(text: string): Canonical {
  const digits = text.slice(2);
  if (!/^[0-9a-f]*$/i.test(digits)) return refused('not-hex', 'After 0x only the digits 0-9 and a-f.');
  if (digits.length !== 40)
    return refused('wrong-length', `${digits.length} digits after 0x: an address has 40.`);
  const lower = digits.toLowerCase();
  const mixed = toEip55(lower);
  if (digits !== lower && digits !== digits.toUpperCase() && digits !== mixed) {
    return refused('bad-checksum', 'The capital letters do not fit (EIP-55): a character is wrong.');
  }
  return address('evm', `0x${lower}`, `0x${mixed}`);
}

function bech(text: string): Canonical {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) {
    return refused('mixed-case', 'Such an address is all small or all capital letters.');
  }
  const prefix = lower.slice(0, lower.indexOf('1'));
  if (prefix === 'tb') return refused('invalid', 'This is an address of a test network.');
  if (prefix === 'addr') return isBech32(lower, 'addr') ? address('cardano', lower) : badChecksum();
  const chain = prefix === 'ltc' ? SEGWIT.ltc : SEGWIT.bc;
  return isSegwit(lower, prefix) ? address(chain, lower) : badChecksum();
}

function bitcoinCash(payload: string): Canonical {
  const lower = payload.toLowerCase();
  if (payload !== lower && payload !== payload.toUpperCase()) {
    return refused('mixed-case', 'Such an address is all small or all capital letters.');
  }
  return isCashAddress(lower) ? address('bch', `bitcoincash:${lower}`) : badChecksum();
}

function base58Address(text: string): Canonical {
  if (text.length > 90) return monero(text);
  const body = fromBase58Check(text);
  const chain = body ? chainOf(body) : null;
  if (chain !== null) return address(chain, text);
  if (text.startsWith('r') && fromRippleCheck(text)?.[0] === 0) return address('xrp', text);
  const bytes = fromBase58(text);
  if (bytes?.length === 32 && text.length >= 32) return solana(text);
  if (body) return refused('invalid', 'An address of a chain or test network that is not known here.');
  return bytes?.length === 25 || bytes?.length === 26 || text.startsWith('r')
    ? badChecksum()
    : refused('invalid', 'This is not an address of a known chain.');
}

function monero(text: string): Canonical {
  const body = fromMoneroCheck(text);
  if (body === null) return badChecksum();
  if (!MONERO_NETWORKS.has(body[0] ?? 0))
    return refused('invalid', 'An address of a chain that is not known here.');
  return address('xmr', text);
}

function solana(value: string): Canonical {
  const meta = { chain: 'solana', confidence: 'low' };
  return accepted({ type: 'crypto', value, namespace: 'solana', meta, notes: ['no-checksum'] });
}

function chainOf(body: Uint8Array): string | null {
  const found = VERSIONS.find(
    ({ bytes }) => body.length === bytes.length + 20 && bytes.every((byte, at) => body[at] === byte),
  );
  return found?.chain ?? null;
}

function address(chain: string, value: string, display = value): Canonical {
  return accepted({ type: 'crypto', value, display, namespace: chain, meta: { chain } });
}

function badChecksum(): Canonical {
  return refused('bad-checksum', 'The checksum does not fit: a character is wrong or missing.');
}
