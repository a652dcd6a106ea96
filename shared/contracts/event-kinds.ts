import type { LedVerb } from '../policy/verbs.ts';

/**
 * Every kind of entry there is, with its class in the words of EU Directive 2016/680 Article 25. `hub` kinds stand
 * on the hub's record, the others on an operation's.
 */
export const eventKinds = {
  'hub.started': 'collection',
  'desk.added': 'collection',
  'officer.added': 'collection',
  'officer.enrolled': 'alteration',
  'enrolment.issued': 'collection',
  'session.started': 'consultation',
  'session.ended': 'alteration',
  'session.refused': 'consultation',
  'operation.opened': 'collection',
  'operation.created': 'collection',
  'operation.started': 'alteration',
  'operation.closed': 'alteration',
  'operation.review-begun': 'alteration',
  'operation.archived': 'alteration',
  'operation.purpose-stated': 'consultation',
  'hold.set': 'alteration',
  'hold.lifted': 'alteration',
  'retention.set': 'alteration',
  'retention.passed': 'alteration',
  'purge.asked': 'alteration',
  'purge.withdrawn': 'alteration',
  'purge.confirmed': 'erasure',
  'purge.part': 'erasure',
  'operation.purged': 'erasure',
  'member.added': 'disclosure',
  'member.removed': 'alteration',
  'room.entered': 'consultation',
  'access.refused': 'consultation',
  'board.created': 'collection',
  'board.opened': 'consultation',
  'board.updated': 'alteration',
  'board.refused': 'alteration',
  'message.posted': 'collection',
  'message.edited': 'alteration',
  'message.withdrawn': 'erasure',
  'indicator.added': 'collection',
  'indicator.changed': 'alteration',
  'indicator.withdrawn': 'erasure',
  'indicators.import-part': 'collection',
  'indicators.imported': 'collection',
  'indicators.exported': 'disclosure',
  'finding.opened': 'collection',
  'finding.answered': 'alteration',
  'finding.concluded': 'alteration',
  'record.consulted': 'consultation',
  'record.exported': 'disclosure',
  'record.mirrored': 'disclosure',
  'witness.registered': 'collection',
  'witness.retired': 'alteration',
  'witness.change-asked': 'alteration',
  'witness.change-withdrawn': 'alteration',
  'quorum.set': 'alteration',
  'record.restored': 'alteration',
  'record.anchored': 'collection',
  'receipt-key.certified': 'collection',
} as const satisfies Record<string, LedVerb>;

export type EventKind = keyof typeof eventKinds;

export function isEventKind(text: string): text is EventKind {
  return Object.hasOwn(eventKinds, text);
}
