import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { rows, sql } from '#server/platform/storage/store.ts';
import { root } from '#shared/board/document.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import type { Board } from '#shared/contracts/boards.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { Role } from '#shared/policy/can.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { BoardPeer } from './peer.ts';
import { startBoardHub } from './stores.ts';

export type Room = { readonly hub: TestHub; readonly operation: Operation; readonly board: Board };

/** A hub with one operation and one board in it. Tan Wei leads. */
export async function openRoom(
  members: Readonly<Record<string, Role>> = { chanida: 'officer', sari: 'officer', bruno: 'observer' },
  given?: TestHub,
): Promise<Room> {
  const hub = given ?? (await startBoardHub());
  const operation = await hub.operation('Glacier', members);
  const lead = await hub.signIn('tan.wei');
  return { hub, operation, board: await newBoard(lead, operation) };
}

export function newBoard(
  lead: TestOfficer,
  operation: Operation,
  compartment = operation.main,
): Promise<Board> {
  return lead.must<Board>('POST', `/operations/${operation.id}/boards`, { title: 'Network', compartment });
}

type Joining = {
  doc?: Y.Doc;
  protocols?: readonly string[];
  answers?: boolean;
  applies?: boolean;
  url?: string;
  /** Query by which a client says what it has seen. */
  seen?: { epoch?: string; head?: number };
};

export function boardUrl({ hub, operation, board }: Room, at = hub.url): string {
  return `${at.replace('http', 'ws')}/y/${operation.id}/${board.id}`;
}

export function peerOf(room: Room, officer: TestOfficer, joining: Joining = {}): BoardPeer {
  const { url = room.hub.url, seen = {}, ...rest } = joining;
  const query = new URLSearchParams(Object.entries(seen).map(([name, value]) => [name, String(value)]));
  return new BoardPeer({
    url: `${boardUrl(room, url)}?${query}`,
    origin: url,
    cookie: officer.cookie,
    ...rest,
  });
}

/** Signed in and on the board. */
export async function join(room: Room, handle: string, joining: Joining = {}): Promise<BoardPeer> {
  const peer = peerOf(room, await room.hub.signIn(handle), joining);
  await peer.ready();
  return peer;
}

/** y-websocket as published, with the Origin and cookie a browser would send. */
export async function stock(
  room: Room,
  handle: string,
  doc = new Y.Doc(),
  params: Record<string, string> = {},
): Promise<WebsocketProvider> {
  const { hub, operation, board } = room;
  const { cookie } = await hub.signIn(handle);
  class FromTheHub extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { headers: { origin: hub.url, cookie: cookie ?? '' } });
    }
  }
  return new WebsocketProvider(`${hub.url.replace('http', 'ws')}/y`, `${operation.id}/${board.id}`, doc, {
    WebSocketPolyfill: FromTheHub as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    params,
  });
}

/** The smallest change of a board: one record of one field. */
export function put(doc: Y.Doc, key: string, value: unknown = key): void {
  root(doc, 'cards').set(key, value);
}

export function has(doc: Y.Doc, key: string): boolean {
  return root(doc, 'cards').has(key);
}

export type Logged = {
  readonly seq: number;
  readonly kind: string;
  readonly officer_id: string | null;
  readonly outcome: string;
  readonly payload: Buffer;
};

/** The record's entries about the board, in order. */
export function logOf({ hub, operation, board }: Room): Promise<Logged[]> {
  return hub.store.read((tx) =>
    rows<Logged>(
      tx,
      sql`select e.seq, e.kind, e.officer_id, e.outcome, c.payload
          from entries e join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${operation.id} and e.object_id = ${board.id} order by e.seq`,
    ),
  );
}

/** The board as the record alone has it. */
export async function replay(room: Room): Promise<Y.Doc> {
  const doc = new Y.Doc();
  for (const { kind, payload } of await logOf(room)) {
    if (kind === 'board.updated') Y.applyUpdate(doc, payload);
  }
  return doc;
}

export function json(doc: Y.Doc): Json {
  return boardToJson(doc);
}
