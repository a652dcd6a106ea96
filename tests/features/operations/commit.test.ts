import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Store, Tx } from '#server/platform/storage/store.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

/** A store whose next write waits where it is told to, or fails after all of its work and before its commit. */
class SteeredStore implements Store {
  readonly kind: Store['kind'];
  readonly #real: Store;
  #next: ((write: () => Promise<unknown>) => Promise<unknown>) | null = null;

  constructor(real: Store) {
    this.#real = real;
    this.kind = real.kind;
  }

  /** The next write has come here, and goes on when `release` is called. */
  holdNext(): { held: Promise<void>; release: () => void } {
    let come: () => void = () => undefined;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      come = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#next = async (write) => {
      come();
      await released;
      return write();
    };
    return { held, release };
  }

  failNextBeforeCommit = false;

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const steer = this.#next;
    this.#next = null;
    const fails = this.failNextBeforeCommit;
    this.failNextBeforeCommit = false;
    let result: T | undefined;
    const write = () =>
      this.#real.write(async (tx) => {
        result = await work(tx);
        if (fails) throw new Error('the power went before the commit');
        return result;
      });
    if (steer === null) return write();
    await steer(write);
    return result as T;
  }
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#real.read(work);
  }
  close(): Promise<void> {
    return this.#real.close();
  }
}

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const stores: SteeredStore[] = [];
let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;

beforeAll(async () => {
  hub = await startHub({
    // The signer writes by itself, and would take the place of the write that is meant.
    signer: false,
    store(real) {
      const steered = new SteeredStore(real);
      stores.push(steered);
      return steered;
    },
  });
  glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  tan = await hub.signIn('tan.wei');
});
afterAll(stopHubs);

const steered = (): SteeredStore => {
  const [store] = stores;
  if (store === undefined) throw new Error('the hub took no store');
  return store;
};
const post = (officer: TestOfficer, text: string) =>
  officer.post(`/operations/${glacier.id}/messages`, { text, compartment: glacier.main, handling: amber });
const words = async () =>
  (
    await tan.must<{ asOf: number; messages: { text: string }[] }>(
      'GET',
      `/operations/${glacier.id}/messages`,
    )
  ).messages.map(({ text }) => text);

test('[AC-5] what fails before its commit leaves neither message nor entry, and its repeat is the first', async () => {
  expect((await post(tan, 'first')).status).toBe(200);
  const live = await tan.connect();
  await live.enter(glacier.id);
  const body = { commandId: tan.commandId(), text: 'unlucky', compartment: glacier.main, handling: amber };
  steered().failNextBeforeCommit = true;
  expect(codeOf(await tan.post(`/operations/${glacier.id}/messages`, body))).toBe('internal');
  expect(await words()).toEqual(['first']);
  const again = await tan.must<{ seq: number }>('POST', `/operations/${glacier.id}/messages`, body);
  await live.until(() => live.entries.some(({ seq }) => seq === again.seq), 'the message');
  const posted = live.entries.filter(({ kind }) => kind === 'message.posted');
  expect(posted.map(({ body: said }) => Reflect.get(Object(said), 'text'))).toEqual(['first', 'unlucky']);
  expect(live.entries.map(({ seq }) => seq)).toEqual(live.entries.map((_, at) => at));
});

test('[AC-6] an act that was let in does not commit when its session ends before', async () => {
  const elsewhere = await hub.signIn('tan.wei');
  expect((await post(elsewhere, 'before')).status).toBe(200);
  const { held, release } = steered().holdNext();
  const late = post(elsewhere, 'after the session');
  await held;
  expect((await elsewhere.post('/sign-out')).status).toBe(200);
  release();
  expect(told(await late)).toEqual(refusal('session.ended'));
  expect(await words()).not.toContain('after the session');
});

test('[AC-7] an act that was let in does not commit when its officer is removed before', async () => {
  const chanida = await hub.signIn('chanida');
  expect((await post(chanida, 'as a member')).status).toBe(200);
  const { held, release } = steered().holdNext();
  const late = post(chanida, 'after the removal');
  await held;
  const removed = await tan.post(`/operations/${glacier.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: '',
  });
  expect(removed.status).toBe(200);
  release();
  expect(told(await late)).toEqual(refusal('not.found'));
  expect(await words()).not.toContain('after the removal');
});

test('[AC-6] whoever keeps their rights is asked again, and goes on, when the rights of others move', async () => {
  const { held, release } = steered().holdNext();
  const late = post(tan, 'across a change of rights');
  await held;
  const lead = await hub.signIn('tan.wei');
  await lead.must('POST', `/operations/${glacier.id}/members`, {
    officerId: hub.officerId('sari'),
    role: 'observer',
  });
  release();
  expect((await late).status).toBe(200);
  expect(await words()).toContain('across a change of rights');
});
