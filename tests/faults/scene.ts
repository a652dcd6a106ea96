import { Member } from '#server/cli/exercise/member.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { hex } from '#shared/kernel/encoding.ts';
import type { Role } from '#shared/policy/can.ts';

import { Ledger } from './history/ledger.ts';
import type { Run } from './history.ts';
import type { Desk } from './officer/acts.ts';
import { addSharedCard, hasSharedCard } from './officer/board-hand.ts';
import { FaultedOfficer, type Pace } from './officer/faulted-officer.ts';
import { type Chance, until } from './support/chance.ts';

export type SceneOptions = {
  /** Hubs by their addresses; officers are spread over them. */
  readonly urls: readonly string[];
  readonly chance: Chance;
  readonly pace?: Pace;
  /** Who works, the lead first. The last one uses a stock client, unless nobody is to. */
  readonly people?: readonly string[];
  readonly stock?: boolean;
};

const team = ['tan.wei', 'chanida', 'sari', 'bruno'];

/** One operation with one board, and the officers at work in it. */
export class Scene {
  readonly ledger = new Ledger();
  readonly officers: FaultedOfficer[] = [];
  readonly lead: Member;
  readonly operation: string;
  readonly main: string;
  readonly board: string;
  readonly ids: ReadonlyMap<string, string>;
  readonly #options: SceneOptions;

  private constructor(
    options: SceneOptions,
    made: Pick<Scene, 'lead' | 'operation' | 'main' | 'board' | 'ids'>,
  ) {
    this.#options = options;
    this.lead = made.lead;
    this.operation = made.operation;
    this.main = made.main;
    this.board = made.board;
    this.ids = made.ids;
  }

  /** Every hub is up. */
  static async open(options: SceneOptions): Promise<Scene> {
    const people = options.people ?? team;
    const [url = ''] = options.urls;
    const lead = await signIn(url, people[0] ?? '');
    const { chance } = options;
    const named = (what: object) => ({ commandId: hex(chance.bytes(16)), ...what });
    const { id: operation } = await lead.post<{ id: string }>(
      '/operations',
      named({ name: `FAULTS ${chance.seed}`, purpose: 'To be broken.' }),
    );
    const opened = await lead.get<{ compartments: { id: string; name: string }[] }>(
      `/operations/${operation}`,
    );
    const main = opened.compartments.find(({ name }) => name === 'main')?.id ?? '';
    const ids = await admit(lead, operation, { people: people.slice(1), named });
    const { id: board } = await lead.post<{ id: string }>(
      `/operations/${operation}/boards`,
      named({ title: 'Faults', compartment: main }),
    );
    const scene = new Scene(options, { lead, operation, main, board, ids });
    for (const [at, handle] of people.entries())
      scene.officers.push(
        await scene.join(handle, { stock: options.stock !== false && at === people.length - 1 && at > 0 }),
      );
    await scene.#begin();
    return scene;
  }

  /** One more officer, or one more desk of the same officer, at the hub of this number. */
  async join(handle: string, { stock = false, at = this.officers.length } = {}): Promise<FaultedOfficer> {
    const { urls, chance, pace = { edits: 40, acts: 250 } } = this.#options;
    const url = urls[at % urls.length] ?? '';
    const { cookie } = await signIn(url, handle);
    const desk: Desk = {
      handle,
      cookie,
      url,
      operation: this.operation,
      compartment: this.main,
    };
    const { board, ledger } = this;
    return new FaultedOfficer({ desk, board, ledger, chance: chance.fork(), pace, stock });
  }

  /** Everybody, or those named. */
  startWork(handles?: readonly string[]): void {
    for (const officer of this.officers)
      if (handles === undefined || handles.includes(officer.handle)) officer.startWork();
  }

  async rest(): Promise<void> {
    await Promise.all(this.officers.map((officer) => officer.restFromWork()));
  }

  /** Waits until everybody's edits are acknowledged and everybody has everything; the hubs must be well. */
  async settle(within = 30_000): Promise<void> {
    await this.rest();
    for (const officer of this.officers) officer.retryNow();
    await until(
      () => this.#inside.every((officer) => officer.isSettled),
      () => `all is saved: ${this.officers.map((one) => `${one.handle} ${one.boardState}`).join('; ')}`,
      within,
    );
    await until(() => this.#agree(), 'all replicas agree', within);
    let end = 0;
    await until(
      async () => {
        const { asOf } = await this.lead.get<{ asOf: number }>(`/operations/${this.operation}`);
        end = asOf;
        return this.#inside.every(({ room }) => room.cursor >= asOf);
      },
      () =>
        `everybody was shown the whole room of ${end}: ${this.#inside.map(({ handle, room }) => `${handle} ${room.cursor}, ${room.ended ?? room.isOpen}`).join('; ')}`,
      within,
    );
  }

  /** Settled, looked at by one who was never there before, and left by all. */
  async conclude(signerFolder: string): Promise<Run> {
    const complaints: string[] = [];
    const complain = (error: unknown) => {
      complaints.push(error instanceof Error ? error.message : String(error));
    };
    await this.settle().catch(complain);
    const boards = new Map<string, Json>(this.#inside.map((officer) => [officer.handle, officer.board]));
    const fresh = await this.join(this.officers[0]?.handle ?? '');
    await until(() => fresh.isSettled, 'a fresh client has the board').catch(complain);
    boards.set('a fresh client', fresh.board);
    fresh.leave();
    this.leave();
    const { operation, board, ledger } = this;
    return { operation, board, ledger, boards, signerFolder, complaints };
  }

  leave(): void {
    for (const officer of this.officers) officer.leave();
  }

  /** Those who may still write. */
  get #inside(): readonly FaultedOfficer[] {
    return this.officers.filter(({ handle }) => !this.ledger.shutOut.has(handle));
  }

  async #begin(): Promise<void> {
    const [first] = this.officers;
    if (first === undefined) throw new Error('nobody is here');
    await until(() => first.isSettled, 'the first officer has the board');
    addSharedCard(first.doc);
    await until(
      () => this.officers.every(({ doc }) => hasSharedCard(doc)),
      () => `everybody has the shared card: ${this.officers.map((one) => one.boardState).join('; ')}`,
    );
  }

  #agree(): boolean {
    const boards = this.#inside.map(({ board }) => JSON.stringify(board));
    return new Set(boards).size <= 1;
  }
}

/** Lines kept from before a trouble may turn out to be dead at their next use. */
async function signIn(url: string, handle: string): Promise<Member> {
  let member: Member | null = null;
  await until(async () => {
    member = await Member.signIn(url, handle).catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
    return member !== null;
  }, `${handle} is signed in`);
  if (member === null) throw new Error(`${handle} is not signed in`);
  return member;
}

async function admit(
  lead: Member,
  operation: string,
  { people, named }: { people: readonly string[]; named: (what: object) => object },
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const handle of people) {
    const { officers } = await lead.get<{ officers: { officer: string; handle: string }[] }>(
      `/operations/${operation}/candidates?text=${handle}`,
    );
    const officerId = officers.find((one) => one.handle === handle)?.officer ?? '';
    ids.set(handle, officerId);
    const role: Role = 'officer';
    await lead.post(`/operations/${operation}/members`, named({ officerId, role }));
  }
  return ids;
}
