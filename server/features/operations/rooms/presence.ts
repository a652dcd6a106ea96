import { z } from 'zod';
import type { Bus } from '#server/platform/bus/bus.ts';
import { type PresenceState, type Present, present as presentSchema } from '#shared/contracts/rooms.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { every, isoTime } from '#shared/kernel/clock.ts';
import { isId, type OfficerId, type OperationId } from '#shared/kernel/ids.ts';

/** A killed node's officers disappear after this long without its word. [RM-6] */
const LEASE = 10_000;
const RENEW = 4_000;
const CHANNEL = 'presence';

type NodePresence = { readonly until: number; readonly present: readonly Present[] };
const wordOfNode = z.object({
  node: z.string(),
  operation: z.string().refine(isId),
  present: z.array(presentSchema),
});

export type Presence = {
  say(operation: OperationId, socket: string, who: Present['person'], state: PresenceState): void;
  leave(operation: OperationId, socket: string): void;
  /** Everybody in the room, on all nodes, one line per officer. */
  in(operation: OperationId): Present[];
  stop(): void;
};

/** Who is here and what they do, told between nodes under a lease. Never stored, never on the record. */
export async function openPresence(
  deps: { readonly bus: Bus; readonly clock: Clock; readonly node: string },
  onChange: (operation: OperationId) => void,
): Promise<Presence> {
  const { bus, clock, node } = deps;
  const here = new Map<OperationId, Map<string, Present>>();
  const elsewhere = new Map<OperationId, Map<string, NodePresence>>();

  const endBus = await bus.subscribe(CHANNEL, (message) => {
    const word = wordOfNode.safeParse(message);
    if (!word.success || word.data.node === node) return;
    const operation = word.data.operation as OperationId;
    const nodes = elsewhere.get(operation) ?? new Map<string, NodePresence>();
    elsewhere.set(operation, nodes);
    nodes.set(word.data.node, { until: clock.now() + LEASE, present: word.data.present });
    onChange(operation);
  });
  const endRenewing = every(clock, RENEW, () => {
    for (const operation of here.keys()) publish(operation);
    expire();
  });

  return {
    say(operation, socket, person, state) {
      const room = here.get(operation) ?? new Map<string, Present>();
      here.set(operation, room);
      const since = room.get(socket)?.since ?? isoTime(clock.now());
      room.set(socket, { person, state, since });
      publish(operation);
      onChange(operation);
    },
    leave(operation, socket) {
      const room = here.get(operation);
      if (room === undefined || !room.delete(socket)) return;
      publish(operation);
      if (room.size === 0) here.delete(operation);
      onChange(operation);
    },
    in: presentIn,
    stop() {
      endRenewing();
      endBus();
    },
  };

  function publish(operation: OperationId): void {
    bus.publish(CHANNEL, { node, operation, present: [...(here.get(operation)?.values() ?? [])] });
  }

  function expire(): void {
    const now = clock.now();
    for (const [operation, nodes] of elsewhere) {
      let gone = false;
      for (const [name, { until }] of nodes) if (until <= now) gone = nodes.delete(name) || gone;
      if (gone) onChange(operation);
    }
  }

  function presentIn(operation: OperationId): Present[] {
    const remote = [...(elsewhere.get(operation)?.values() ?? [])].flatMap(({ present }) => present);
    const byOfficer = new Map<OfficerId, Present>();
    for (const one of [...(here.get(operation)?.values() ?? []), ...remote]) {
      const other = byOfficer.get(one.person.officer);
      if (other === undefined || (one.state.typing && !other.state.typing))
        byOfficer.set(one.person.officer, one);
    }
    return [...byOfficer.values()].sort((a, b) => (a.since < b.since ? -1 : 1));
  }
}
