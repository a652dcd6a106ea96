import { peopleById } from '#server/features/identity/index.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { policyInForce } from '#server/record/cosignatures.ts';
import type { Person } from '#shared/contracts/common.ts';
import { type ChangeRequest, listWitnesses, type Witness } from '#shared/contracts/witnesses.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';

import { changeHandlers } from './changes.ts';
import { cosignHandlers } from './cosign.ts';
import { type MirrorDeps, mirrorHandlers } from './mirror.ts';
import { registerHandler } from './register.ts';
import { confirmBefore, type RequestRow, standingRequest } from './requests-store.ts';
import { type WitnessRow, witnessesOf } from './store.ts';

export { openWitnessGate } from './gate.ts';

/** Who cosigns a record: the keys of its desks, their cosignatures, and how many make a quorum. */
export function witnessHandlers(deps: MirrorDeps & { readonly random: Random }): Handler[] {
  return [
    listHandler(),
    registerHandler(deps),
    ...changeHandlers(deps),
    ...cosignHandlers(deps.vouching),
    ...mirrorHandlers(deps),
  ];
}

function listHandler(): Handler {
  return query({
    call: listWitnesses,
    async read(tx, { pass, asOf, now }) {
      const found = await witnessesOf(tx, pass);
      const policy = await policyInForce(tx, pass.operation);
      const request = await standingRequest(tx, pass, now);
      const named = [policy?.set_by, policy?.asked_by, request?.asked_by].filter(
        (id) => typeof id === 'string',
      );
      const people = await peopleById(tx, [
        ...found.map(({ registered_by }) => registered_by),
        ...named.map((id) => asId<OfficerId>(id)),
      ]);
      const personOf = (id: string | null) =>
        id === null ? null : (people.get(asId<OfficerId>(id)) ?? null);
      const counted = new Set<string>(policy?.witness_ids);
      return {
        asOf,
        policy: policy && {
          text: policy.text,
          number: policy.number,
          setBy: personOf(policy.set_by),
          askedBy: personOf(policy.asked_by),
          setAt: isoTime(policy.set_ms),
        },
        request: request && presentRequest(request, personOf(request.asked_by)),
        witnesses: found.map((row) => present(row, people, counted.has(row.id))),
      };
    },
  });
}

function presentRequest(row: RequestRow, askedBy: Person | null): ChangeRequest {
  const change =
    row.what === 'retire'
      ? { what: row.what, witnessId: row.witness_id }
      : { what: row.what, witnessIds: [...row.witness_ids], need: row.need };
  return {
    id: asId(row.id),
    change,
    reason: row.reason,
    askedBy,
    askedAt: isoTime(row.asked_ms),
    confirmBefore: isoTime(confirmBefore(row)),
  };
}

function present(row: WitnessRow, people: ReadonlyMap<OfficerId, Person>, inQuorum: boolean): Witness {
  return {
    id: row.id,
    kind: row.kind,
    desk: row.desk_code,
    deskName: row.desk_name,
    country: row.country,
    vkey: row.vkey,
    registeredBy: people.get(row.registered_by) ?? null,
    registeredAt: isoTime(row.registered_ms),
    retiredAt: row.retired_ms === null ? null : isoTime(row.retired_ms),
    inQuorum,
    last: lastOf(row.last_size, row.last_at_s),
    lastOfHub: lastOf(row.hub_size, row.hub_at_s),
  };
}

function lastOf(size: number | null, seconds: number | null): Witness['last'] {
  return size === null || seconds === null ? null : { size, at: isoTime(seconds * 1000) };
}
