import type { RoomPass, Session, WitnessPass } from '#server/platform/access.ts';
import type { Fact, LogId, Recorded } from '#server/platform/facts.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { BodyOf, Call, ReplyOf } from '#shared/contracts/contract.ts';
import type { CommandId, CompartmentId } from '#shared/kernel/ids.ts';
import type { Verb } from '#shared/policy/verbs.ts';

/** An act as a feature states it; the binder adds who, under which command and where. */
export type NewFact = {
  readonly kind: Fact['kind'];
  readonly object: Fact['object'];
  readonly compartment: CompartmentId | null;
  readonly body: Fact['body'];
  readonly outcome?: Fact['outcome'];
  /** Another record than that of the call's operation (or the hub's, for a call outside operations). */
  readonly log?: LogId;
  /** Another author than the session. */
  readonly by?: Fact['by'];
};

/** What a command has decided and stored. The reply may wait for where the acts came to stand. */
export type Acted<Reply> = {
  readonly facts: readonly NewFact[];
  /** Ends everything authorised in this operation before. */
  readonly movesEpoch?: boolean;
  readonly reply: Reply | ((recorded: readonly Recorded[]) => Reply | Promise<Reply>);
  /** Runs once after the commit, on this node; delivery elsewhere goes through the record. */
  readonly afterCommit?: () => void;
  /** Session cookie to set (`token`) or to clear (`null`). */
  readonly cookie?: string | null;
};

/** Of the call's needs: a room call has a pass, a witness's a pass of its own, others a session, public ones nothing. */
type Who<C extends Call> = C['needs'] extends Verb
  ? { readonly pass: RoomPass; readonly session: Session }
  : C['needs'] extends 'witness'
    ? { readonly session: null; readonly witness: WitnessPass }
    : C['needs'] extends 'nobody'
      ? { readonly session: null }
      : { readonly session: Session };

export type Context<C extends Call = Call> = Who<C> & {
  readonly now: number;
  readonly commandId: CommandId | null;
  /** Coarse address of the caller, for rate limits; never recorded. */
  readonly address: string;
};

/** A call that writes. `prepare` does slow work (hashing, parsing) before any transaction and hands its result on. */
export type Command<C extends Call, Prepared = undefined> = {
  readonly call: C;
  readonly prepare?: (context: Context<C>, input: BodyOf<C>) => Promise<Prepared>;
  readonly act: (
    tx: Tx,
    context: Context<C>,
    input: BodyOf<C>,
    prepared: Prepared,
  ) => Promise<Acted<ReplyOf<C>>>;
};

/** A call that only reads, in one snapshot. `asOf` is the size of the record in that snapshot (0 outside operations). */
export type Query<C extends Call> = {
  readonly call: C;
  readonly read: (
    tx: Tx,
    context: Context<C> & { readonly asOf: number },
    input: BodyOf<C>,
  ) => Promise<ReplyOf<C>>;
};

/** A call that is neither one write nor one read (an import in parts): it does its own transactions. */
export type Work<C extends Call> = {
  readonly call: C;
  readonly work: (context: Context<C>, input: BodyOf<C>) => Promise<ReplyOf<C>>;
};

/** A download: `act` is committed before the first byte, then `body` is written out. */
export type Download<C extends Call> = {
  readonly call: C;
  readonly act: (tx: Tx, context: Context<C>, input: BodyOf<C>) => Promise<Acted<DownloadBody>>;
};
export type DownloadBody = {
  readonly mediaType: string;
  readonly fileName: string;
  /** Awaited before the first byte: what fails here is still refused in words. */
  readonly ready?: () => Promise<unknown>;
  /** Asked once it is ready. */
  readonly about?: () => DownloadAbout;
  readonly chunks: () => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
};

/** A call that reads one piece of a known size, and gives it as bytes instead of JSON. */
export type FileQuery<C extends Call> = {
  readonly call: C;
  readonly read: (tx: Tx, context: Context<C>, input: BodyOf<C>) => Promise<FileBody>;
};
export type FileBody = {
  readonly mediaType: string;
  readonly content: string | Uint8Array;
  /** Offered under this name as a download. */
  readonly fileName?: string;
  /** Never changes: browsers may keep it for the session that fetched it. */
  readonly lasting: boolean;
};
/** What is known only once a download is ready: a better name, and about how many bytes will come. */
export type DownloadAbout = { readonly fileName?: string; readonly expected?: number };

export type Handler =
  | ({ readonly does: 'command' } & Command<Call, unknown>)
  | ({ readonly does: 'query' } & Query<Call>)
  | ({ readonly does: 'work' } & Work<Call>)
  | ({ readonly does: 'download' } & Download<Call>)
  | ({ readonly does: 'file' } & FileQuery<Call>);

/* The five constructors keep each handler typed by its contract entry and hand the binder one list. */
export function command<C extends Call, P = undefined>(given: Command<C, P>): Handler {
  return { does: 'command', ...given } as unknown as Handler;
}
export function query<C extends Call>(given: Query<C>): Handler {
  return { does: 'query', ...given } as unknown as Handler;
}
export function work<C extends Call>(given: Work<C>): Handler {
  return { does: 'work', ...given } as unknown as Handler;
}
export function download<C extends Call>(given: Download<C>): Handler {
  return { does: 'download', ...given } as unknown as Handler;
}
export function file<C extends Call>(given: FileQuery<C>): Handler {
  return { does: 'file', ...given } as unknown as Handler;
}
