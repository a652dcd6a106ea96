import type { Call } from '#shared/contracts/contract.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { type Verb, verbs } from '#shared/policy/verbs.ts';
import type { TestHub } from '#tests/support/hub.ts';

export type RoomCall = Call & { readonly needs: Verb };

/** Every call about an operation that this hub binds, as its own description lists them. */
export async function boundRoomCalls(hub: TestHub): Promise<RoomCall[]> {
  const { body } = await hub.stranger().get('/openapi.json');
  const paths = Object.values(
    Reflect.get(Object(body), 'paths') as Record<string, Record<string, { operationId: string }>>,
  );
  const bound = new Set(paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId)));
  return allCalls.filter(
    (call): call is RoomCall => bound.has(call.name) && Object.hasOwn(verbs, call.needs),
  );
}
