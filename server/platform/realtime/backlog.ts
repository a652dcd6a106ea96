import type { Socket } from 'socket.io';

type Connection = Pick<Socket, 'conn'>['conn'];

export type Backlog = { readonly packets: number; readonly bytes: number };

/**
 * What waits in this process because the network does not take it. The engine holds packets while the transport is
 * busy, and the transport holds bytes while the system is; neither is told by the published types.
 */
export function backlogOf(conn: Connection): Backlog {
  const held: unknown = Reflect.get(conn, 'writeBuffer');
  const packets: readonly unknown[] = Array.isArray(held) ? held : [];
  const unsent: unknown = Reflect.get(Object(Reflect.get(conn.transport, 'socket')), 'bufferedAmount');
  let bytes = typeof unsent === 'number' ? unsent : 0;
  for (const packet of packets) {
    const data: unknown = Reflect.get(Object(packet), 'data');
    if (typeof data === 'string' || Buffer.isBuffer(data)) bytes += data.length;
  }
  return { packets: packets.length, bytes };
}
