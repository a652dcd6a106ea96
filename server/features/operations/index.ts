/** What the features of an operation share. They meet here, and nowhere else. */
export { type CreateDeps, createOperationWith } from './create.ts';
export { openGate } from './gate.ts';
export { operationHandlers } from './handlers.ts';
export { watchRetention } from './lifecycle/retention-watch.ts';
export { type ContentTable, contentTable, operationContents } from './purge/contents.ts';
export { openPurger } from './purge/purger.ts';
export { openRooms, type Rooms } from './rooms/index.ts';
export { presentEntry } from './rooms/presenter.ts';
export { compartmentsOf, type MemberRow, memberOf, membersOf, readOperation } from './store.ts';
export { type Reader, readerOfCompartments, sharedBy, visibleTo } from './visible.ts';
