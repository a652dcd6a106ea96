import type { Request } from 'express';

import type { RefusalDetails } from '#shared/kernel/failures.ts';
import type { CompartmentId, DeskId, OfficerId, OperationId, WitnessId } from '#shared/kernel/ids.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import type { DeskKind, Role } from '#shared/policy/can.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';
import type { Verb } from '#shared/policy/verbs.ts';

import type { RawBuilder, Tx } from './storage/store.ts';

/** A signed-in officer, as read from the store at the moment of asking. */
export type Session = {
  /** SHA-256 of the cookie's token, base64: the only form in which the hub knows it. */
  readonly id: string;
  readonly officer: OfficerId;
  readonly officerEpoch: number;
  readonly name: string;
  readonly handle: string;
  readonly email: string;
  readonly desk: {
    readonly id: DeskId;
    readonly code: string;
    readonly name: string;
    readonly kind: DeskKind;
  };
  readonly country: string;
  readonly hostAdministrator: boolean;
  readonly expiresAt: number;
};

declare const minted: unique symbol;

/**
 * Proof that the gate let this session into this operation under this epoch. Only `operations` mints it; every
 * room-scoped store function takes it first, so that reading another operation's data is a type error. [AC-2]
 */
export type RoomPass = {
  readonly [minted]: true;
  readonly operation: OperationId;
  readonly origin: string;
  readonly session: Session;
  readonly role: Role;
  readonly state: OperationState;
  readonly compartments: ReadonlySet<CompartmentId>;
  /** The compartment `main`, where the room itself lives, whether or not this member receives it. */
  readonly main: CompartmentId;
  readonly aclEpoch: number;
};

/** The one way to a RoomPass. Called by `operations` and nobody else; a test reads the import lines. */
export function mintRoomPass(given: Omit<RoomPass, typeof minted>): RoomPass {
  return given as RoomPass;
}

/** Reads the cookie and its session; `null` when there is none, or it has ended. */
export type Authenticate = (request: Pick<Request, 'headers'>) => Promise<Session | null>;

/** Refuses, and records the refusal, when this session may not do `verb` in `operation`. [AC-1] */
export type Admit = (session: Session, operation: OperationId, verb: Verb) => Promise<RoomPass>;

/**
 * Holds, inside `tx` and until it ends, that each of these sessions has not ended and its officer's epoch has not
 * moved. Returns the ids of those for which it does not hold.
 */
export type HoldSessions = (tx: Tx, sessions: readonly Session[]) => Promise<ReadonlySet<string>>;

/**
 * The same as a part of another statement: `(place)`, from 1, of each of these sessions that holds, locked as `HoldSessions`
 * locks it. Waits for nobody: a session that somebody else is changing does not hold.
 */
export type HeldSessions = (sessions: readonly Session[]) => RawBuilder<unknown>;

declare const mintedWitness: unique symbol;

/** Proof that a credential belongs to a witness at work in this operation. It opens nothing else. [RC-57] */
export type WitnessPass = {
  readonly [mintedWitness]: true;
  readonly operation: OperationId;
  readonly origin: string;
  readonly witness: WitnessId;
  /** Code of its desk. */
  readonly desk: string;
  readonly state: OperationState;
  /** What every member of its desk receives. */
  readonly compartments: ReadonlySet<CompartmentId>;
  readonly main: CompartmentId;
};

/** The one way to a WitnessPass. */
export function mintWitnessPass(given: Omit<WitnessPass, typeof mintedWitness>): WitnessPass {
  return given as WitnessPass;
}

/** Refuses with one answer whatever is not the credential of a witness at work in `operation`. [RC-57] */
export type AdmitWitness = (credential: string | null, operation: OperationId) => Promise<WitnessPass>;

/** Writes an authorisation denial on the record, folded per actor, rule and minute. [RC-31] */
export type NoteDenial = (denial: Denial) => void;
export type Denial = {
  readonly log: OperationId | 'hub';
  readonly session: Session | null;
  readonly rule: string;
  readonly code: RefusalCode;
  readonly details?: RefusalDetails;
};
