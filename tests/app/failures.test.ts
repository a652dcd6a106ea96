import { afterAll, expect, test } from 'vitest';

import type { Store, Tx } from '#server/platform/storage/store.ts';
import { startHub, stopHubs } from '#tests/support/hub.ts';
import { refusal, told } from '#tests/support/refusal.ts';

afterAll(stopHubs);

/** Lets everything through until it is told to fail. */
class BreakableStore implements Store {
  readonly kind: Store['kind'];
  failure: Error | null = null;
  readonly #real: Store;

  constructor(real: Store) {
    this.#real = real;
    this.kind = real.kind;
  }
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.failure ? Promise.reject(this.failure) : this.#real.write(work);
  }
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.failure ? Promise.reject(this.failure) : this.#real.read(work);
  }
  close(): Promise<void> {
    return this.#real.close();
  }
}

test('[RF-5] an error nobody expected is told as internal with an id, and nothing else of it', async () => {
  const made: BreakableStore[] = [];
  const hub = await startHub({
    store(real) {
      const store = new BreakableStore(real);
      made.push(store);
      return store;
    },
  });
  const tan = await hub.signIn('tan.wei');
  const [broken] = made;
  if (broken === undefined) throw new Error('the hub took no store');
  broken.failure = new Error('relation "secret_table" does not exist');
  const answered = await tan.get('/operations');
  broken.failure = null;
  const { body } = refusal('internal');
  const { error } = body as { error: object };
  expect(told(answered)).toEqual({
    status: 500,
    body: { error: { ...error, id: expect.stringMatching(/^[0-9a-f]{12}$/) } },
  });
  expect((await tan.get('/operations')).status).toBe(200);
});
