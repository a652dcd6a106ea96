import type { Effect } from './lifecycle.ts';

/** What an act does with information: the six verbs of EU Directive 2016/680 Article 25. The class of every entry. */
export const ledVerbs = [
  'collection',
  'alteration',
  'consultation',
  'disclosure',
  'combination',
  'erasure',
] as const;
export type LedVerb = (typeof ledVerbs)[number];

/** What a member may be allowed to do in an operation. By `effect` the state of the operation allows it or not (lifecycle.ts). */
export const verbs = {
  'operation.enter': { effect: 'consult', says: 'enter the room' },
  'operation.follow': { effect: 'verify', says: 'see where the operation stands, its holds and its dates' },
  'operation.state-purpose': { effect: 'state-purpose', says: 'state why they read an archived operation' },
  'operation.start': { effect: 'start', says: 'start a planned operation' },
  'operation.close': { effect: 'close', says: 'close the operation' },
  'operation.begin-review': { effect: 'begin-review', says: 'begin the review of a closed operation' },
  'operation.archive': { effect: 'archive', says: 'archive a reviewed operation' },
  'operation.hold': { effect: 'keep', says: 'set and lift legal holds' },
  'operation.retain': { effect: 'keep', says: 'set the retention date' },
  'operation.purge': { effect: 'purge', says: 'ask for a purge, confirm or withdraw it' },
  'operation.certificate': { effect: 'certify', says: 'read the certificate of a purge' },
  'people.list': { effect: 'consult', says: 'see who is in the operation' },
  'people.add': { effect: 'admit', says: 'add members' },
  'people.remove': { effect: 'expel', says: 'remove members' },
  'board.open': { effect: 'consult', says: 'open boards' },
  'board.create': { effect: 'change', says: 'create boards' },
  'board.edit': { effect: 'change', says: 'change boards' },
  'chat.read': { effect: 'consult', says: 'read the chat' },
  'chat.post': { effect: 'change', says: 'write in the chat' },
  'indicator.read': { effect: 'consult', says: 'read the register' },
  'indicator.add': { effect: 'change', says: 'add indicators' },
  'indicator.export': { effect: 'consult', says: 'export indicators' },
  'record.verify': { effect: 'verify', says: 'check the signed checkpoints' },
  'record.prove': { effect: 'prove', says: 'prove entries of the record' },
  'record.review': { effect: 'consult', says: 'review the record' },
  'record.find': { effect: 'find', says: 'write findings' },
  'record.export': { effect: 'prove', says: 'export the record' },
  'witness.read': { effect: 'verify', says: 'see who cosigns the record' },
  'witness.keep': { effect: 'change', says: 'register and retire witnesses of the own desk' },
  'witness.confirm': { effect: 'change', says: 'confirm or refuse what another desk asks about witnesses' },
  'witness.quorum': { effect: 'change', says: 'set how many desks must cosign' },
} as const satisfies Record<string, { effect: Effect; says: string }>;

export type Verb = keyof typeof verbs;
