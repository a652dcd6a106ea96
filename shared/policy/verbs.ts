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

/** What a member may be allowed to do in an operation. `effect` says whether a closed operation still allows it; `find` is for after the closing only. */
export const verbs = {
  'operation.enter': { effect: 'consult', says: 'enter the room' },
  'operation.close': { effect: 'change', says: 'close the operation' },
  'people.list': { effect: 'consult', says: 'see who is in the operation' },
  'people.add': { effect: 'change', says: 'add members' },
  'people.remove': { effect: 'change', says: 'remove members' },
  'board.open': { effect: 'consult', says: 'open boards' },
  'board.create': { effect: 'change', says: 'create boards' },
  'board.edit': { effect: 'change', says: 'change boards' },
  'chat.read': { effect: 'consult', says: 'read the chat' },
  'chat.post': { effect: 'change', says: 'write in the chat' },
  'indicator.read': { effect: 'consult', says: 'read the register' },
  'indicator.add': { effect: 'change', says: 'add indicators' },
  'indicator.export': { effect: 'consult', says: 'export indicators' },
  'record.review': { effect: 'consult', says: 'review the record' },
  'record.find': { effect: 'find', says: 'write findings' },
  'record.export': { effect: 'consult', says: 'export the record' },
  'witness.read': { effect: 'consult', says: 'see who cosigns the record' },
  'witness.keep': { effect: 'change', says: 'register and retire witnesses of the own desk' },
  'witness.quorum': { effect: 'change', says: 'set how many desks must cosign' },
} as const satisfies Record<string, { effect: 'consult' | 'change' | 'find'; says: string }>;

export type Verb = keyof typeof verbs;
