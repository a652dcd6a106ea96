import type { WitnessId } from '#shared/kernel/ids.ts';
import { type NoteKey, noteKey, signatureTypes } from '#shared/record/keys.ts';
import type { Pin } from '#shared/record/witness/watch.ts';

/** What this browser keeps for one record: a key that cannot leave it, and what it has seen, in one row. [RC-68] */
export type BrowserKey = {
  readonly origin: string;
  readonly name: string;
  /** `extractable: false`: the page can sign with it, and nobody can read it. */
  readonly privateKey: CryptoKey;
  readonly publicKey: Uint8Array;
  readonly witness: WitnessId;
  readonly pin: Pin | null;
};

const DATABASE = 'muster-witness';
const STORE = 'keys';
const ALGORITHM = 'Ed25519';

export async function makeBrowserKey(
  name: string,
): Promise<Pick<BrowserKey, 'name' | 'privateKey' | 'publicKey'>> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('not a pair of keys');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  return { name, privateKey: pair.privateKey, publicKey: new Uint8Array(raw) };
}

export function noteKeyOf({ name, publicKey }: Pick<BrowserKey, 'name' | 'publicKey'>): NoteKey {
  return noteKey({ name, publicKey }, signatureTypes.cosigner);
}

export async function signWith(
  { privateKey }: BrowserKey,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, message));
}

/** null when this browser has no key for that record. */
export async function readBrowserKey(origin: string): Promise<BrowserKey | null> {
  return inStore('readonly', (store) => store.get(origin) as IDBRequest<BrowserKey | undefined>).then(
    (held) => held ?? null,
  );
}

export async function keepBrowserKey(key: BrowserKey): Promise<void> {
  await inStore('readwrite', (store) => store.put(key, key.origin));
}

export async function dropBrowserKey(origin: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(origin));
}

/**
 * Remembers `pin`, on disk, unless another window has remembered something since `before` was read: then false, and
 * nothing is signed. [RC-68]
 */
export async function movePin(before: BrowserKey, pin: Pin): Promise<boolean> {
  const database = await open();
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore(STORE);
      let moved = false;
      const read = store.get(before.origin) as IDBRequest<BrowserKey | undefined>;
      read.onsuccess = () => {
        const held = read.result;
        if (held === undefined || held.witness !== before.witness) return;
        if (held.pin?.size !== before.pin?.size || held.pin?.root !== before.pin?.root) return;
        moved = true;
        store.put({ ...held, pin }, before.origin);
      };
      transaction.oncomplete = () => resolve(moved);
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser kept nothing'));
    });
  } finally {
    database.close();
  }
}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser kept nothing'));
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser opens no database'));
  });
}
