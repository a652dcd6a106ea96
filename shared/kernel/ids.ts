/** A string that has been checked to be one particular kind of identifier. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** One operation. Also the last segment of its record's origin. */
export type OperationId = Brand<string, 'OperationId'>;
/** One person. Random, so that an entry names nobody by itself. */
export type OfficerId = Brand<string, 'OfficerId'>;
/** One national cyber unit or partner organisation. */
export type DeskId = Brand<string, 'DeskId'>;
/** Who receives, inside one operation (`main`, `partners` …). Random, unlike its name. */
export type CompartmentId = Brand<string, 'CompartmentId'>;
/** One Yjs document of an operation. */
export type BoardId = Brand<string, 'BoardId'>;
/** One chat message, whatever its edits. */
export type MessageId = Brand<string, 'MessageId'>;
/** One officer's contribution to the register: a selector as one originator states it. */
export type IndicatorId = Brand<string, 'IndicatorId'>;
/** One file or pasted text brought into the register. */
export type ImportId = Brand<string, 'ImportId'>;
/** One key with which a desk, or one officer's browser, cosigns one record. */
export type WitnessId = Brand<string, 'WitnessId'>;
/** What one desk asked for and another has to confirm. */
export type RequestId = Brand<string, 'RequestId'>;
/** One finding or question of a review. */
export type FindingId = Brand<string, 'FindingId'>;
/** One legal hold on an operation. */
export type HoldId = Brand<string, 'HoldId'>;
/** Chosen by the client; the same id by the same officer is the same act. */
export type CommandId = Brand<string, 'CommandId'>;
/** Position of an entry in its record and leaf index in its tree, from 0. */
export type Seq = Brand<number, 'Seq'>;

const SHAPE = /^[0-9a-f]{32}$/;

/** Identifiers are 128 random bits as 32 lower-case hexadecimal digits. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && SHAPE.test(text);
}

/** Gives an already checked string its brand. Parsers and generators only. */
export function asId<T extends Brand<string, string>>(text: string): T {
  return text as T;
}
