type Kind = {
  /** HTTP status. */
  readonly status: number;
  /** WebSocket close code: 44xx is final for the client, 1013 asks it to come again. */
  readonly close: number;
  /** What a person reads. Never names what they may not know. */
  readonly sentence: string;
  /** An authorisation denial: noted on the record when an officer meets it. [RC-31] */
  readonly onRecord?: true;
};

/** Every refusal there is. Both sides and the documentation read it; codes never change their meaning. */
const catalogue = {
  'bad.json': { status: 400, close: 4400, sentence: 'The request is not valid JSON.' },
  'bad.request': { status: 400, close: 4400, sentence: 'The request does not have the expected shape.' },
  'bad.frame': { status: 400, close: 4400, sentence: 'The message could not be read.' },
  'bad.media-type': { status: 415, close: 4400, sentence: 'The request must be sent as application/json.' },
  'too.large': { status: 413, close: 4413, sentence: 'This is larger than the hub accepts.' },
  'too.many': { status: 429, close: 1013, sentence: 'Too many tries. Wait a moment and try again.' },
  'not.found': { status: 404, close: 4404, sentence: 'There is nothing here, or it is not yours to see.' },
  'no.such.call': { status: 404, close: 4404, sentence: 'The hub has no such call.' },
  'origin.refused': {
    status: 403,
    close: 4403,
    sentence: 'This request comes from a place the hub does not accept.',
  },
  'session.missing': { status: 401, close: 4401, sentence: 'Sign in first.' },
  'session.ended': { status: 401, close: 4401, sentence: 'Your session has ended. Sign in again.' },
  'sign-in.failed': { status: 401, close: 4401, sentence: 'E-mail, password or code is not right.' },
  'enrolment.invalid': {
    status: 410,
    close: 4404,
    sentence: 'This link has been used or has expired. Ask for a new one.',
  },
  'password.weak': {
    status: 422,
    close: 4400,
    sentence: 'Choose a longer or less common password: at least 15 characters.',
  },
  'not.allowed': { status: 403, close: 4403, sentence: 'Your role does not allow this.', onRecord: true },
  'read.only': {
    status: 403,
    close: 4403,
    sentence: 'You may look at this, but not change it.',
    onRecord: true,
  },
  'membership.ended': { status: 403, close: 4401, sentence: 'Your access to this operation has ended.' },
  'operation.closed': {
    status: 409,
    close: 4403,
    sentence: 'The operation is closed. Its record can be read, nothing can be added.',
    onRecord: true,
  },
  'operation.state': {
    status: 409,
    close: 4403,
    sentence: 'The operation does not stand where this is done. See how far it has come.',
    onRecord: true,
  },
  'operation.purged': {
    status: 410,
    close: 4403,
    sentence: 'The contents of this operation are destroyed. Its certificate and its record’s tree remain.',
    onRecord: true,
  },
  'purpose.needed': {
    status: 403,
    close: 4403,
    sentence: 'This operation is archived. State why you read it first.',
  },
  'legal.hold': {
    status: 409,
    close: 4400,
    sentence: 'A legal hold is on this operation. Nothing of it is destroyed while it stands.',
    onRecord: true,
  },
  'two.desks': {
    status: 409,
    close: 4400,
    sentence: 'This takes two officers of different desks. Another desk has to confirm it.',
    onRecord: true,
  },
  'last.lead': {
    status: 409,
    close: 4400,
    sentence: 'An operation keeps at least one lead. Name another one first.',
    onRecord: true,
  },
  'already.member': { status: 409, close: 4400, sentence: 'This officer is already a member.' },
  'already.exists': { status: 409, close: 4400, sentence: 'This exists already.' },
  'not.originator': {
    status: 403,
    close: 4403,
    sentence: 'Only the originator may do this.',
    onRecord: true,
  },
  'import.unreadable': { status: 422, close: 4400, sentence: 'The file could not be read.' },
  'import.gone': { status: 410, close: 4404, sentence: 'This preview has expired. Read the file in again.' },
  'indicator.invalid': { status: 422, close: 4400, sentence: 'This is not a valid indicator of that type.' },
  'update.invalid': {
    status: 422,
    close: 4422,
    sentence: 'The board change could not be read and was refused.',
  },
  'update.foreign': {
    status: 403,
    close: 4422,
    sentence: 'The board change speaks in the name of somebody else and was refused.',
    onRecord: true,
  },
  'update.gap': {
    status: 409,
    close: 1013,
    sentence: 'The board change builds on something the hub does not have.',
  },
  'record.restored': {
    status: 409,
    close: 4409,
    sentence:
      'The record was restored from a backup after this was opened. What it lacks is kept for review.',
  },
  'store.unavailable': {
    status: 503,
    close: 1013,
    sentence: 'The hub cannot save at the moment. Reading goes on; try again shortly.',
  },
  'signer.absent': {
    status: 503,
    close: 1013,
    sentence: 'This record is not being signed at the moment. Tell the host of the hub.',
  },
  'witness.refused': {
    status: 401,
    close: 4401,
    sentence: 'This witness credential is not accepted: it is unknown here, or the key was retired.',
  },
  'cosignature.refused': {
    status: 422,
    close: 4400,
    sentence: 'This is not a cosignature of a checkpoint of this record.',
  },
  'try.again': { status: 503, close: 1013, sentence: 'The hub is busy. Try again shortly.' },
  'hub.stopping': {
    status: 503,
    close: 1012,
    sentence: 'The hub is restarting. You will be connected again.',
  },
  internal: { status: 500, close: 1011, sentence: 'Something went wrong in the hub. It has been noted.' },
} as const satisfies Record<string, Kind>;

/** The catalogue, read by code. */
export const refusals: Readonly<Record<RefusalCode, Kind>> = catalogue;

export type RefusalCode = keyof typeof catalogue;

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(refusals, text);
}
