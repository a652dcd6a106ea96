import { IconLock, IconRoute, IconUserPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { countryName } from '#client/ui/item/country.ts';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { Me } from '#shared/contracts/identity.ts';
import type { Member, openOperation } from '#shared/contracts/operations.ts';
import { type Actor, can } from '#shared/policy/can.ts';
import { AddMember } from './add-member.tsx';
import { CourseDialog } from './lifecycle/course-dialog.tsx';
import { lifecycleText } from './lifecycle/text.ts';
import { MemberRow } from './member-row.tsx';
import styles from './people.module.css';
import { RemoveMember } from './remove-member.tsx';
import { operationsText } from './text.ts';
import { useMembers } from './use-operations.ts';

type Props = {
  readonly opened: ReplyOf<typeof openOperation>;
  readonly actor: Actor;
  readonly me: Me;
};

type Asking =
  | { readonly what: 'add' }
  | { readonly what: 'course' }
  | { readonly what: 'remove'; readonly member: Member };

/** Who is in the operation, by country, and who of them is here now. */
export function PeoplePanel({ opened, actor, me }: Props) {
  const say = useText('operations', operationsText);
  const sayCourse = useText('lifecycle', lifecycleText);
  const operationId = opened.operation.id;
  const may = can(actor, 'people.list');
  const members = useMembers(operationId, may);
  const present = useRoomFact((room) => room.present);
  const [asking, setAsking] = useState<Asking | null>(null);
  const here = useMemo(
    () => new Map(present.map((each) => [String(each.person.officer), each.state])),
    [present],
  );
  if (!may)
    return (
      <StateScreen icon={<IconLock size={26} stroke={1.4} />} title={say('people.withheld-title')}>
        {say('people.withheld')}
      </StateScreen>
    );
  if (members.isPending) return <Loading label={say('people.loading')} />;
  if (members.isError) return <Refused error={members.error} />;
  const names = new Map(opened.compartments.map((each) => [String(each.id), each.name]));
  const done = () => setAsking(null);
  return (
    <div className={styles.panel}>
      <div className={styles.top}>
        <span>{say('people.count', { count: members.data.members.length })}</span>
        {can(actor, 'people.add') && (
          <Button onClick={() => setAsking({ what: 'add' })}>
            <IconUserPlus size={15} />
            {say('people.add')}
          </Button>
        )}
      </div>
      <div className={styles.scroll}>
        {byCountry(members.data.members).map(([country, list]) => (
          <section key={country} aria-label={countryName(country)}>
            <h3>
              <span className="mono">{country}</span> {countryName(country)}
            </h3>
            <ul>
              {list.map((member) => (
                <MemberRow
                  key={member.officer}
                  member={member}
                  here={here.get(member.officer) ?? null}
                  compartments={member.compartments.map((id) => names.get(id) ?? '—').join(', ')}
                  isMe={member.officer === me.officer}
                  {...(can(actor, 'people.remove')
                    ? { onRemove: () => setAsking({ what: 'remove', member }) }
                    : {})}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {can(actor, 'operation.follow') && (
        <div className={styles.foot}>
          <Button look="quiet" onClick={() => setAsking({ what: 'course' })}>
            <IconRoute size={15} />
            {sayCourse('course.open')}
          </Button>
        </div>
      )}
      {asking?.what === 'add' && <AddMember operationId={operationId} onClose={done} />}
      {asking?.what === 'course' && (
        <CourseDialog operation={opened.operation} actor={actor} me={me} onClose={done} />
      )}
      {asking?.what === 'remove' && (
        <RemoveMember operationId={operationId} member={asking.member} onClose={done} />
      )}
    </div>
  );
}

const order = { lead: 0, officer: 1, observer: 2, auditor: 3 } as const;

function byCountry(members: readonly Member[]): readonly (readonly [string, readonly Member[]])[] {
  const groups = new Map<string, Member[]>();
  for (const member of members) groups.set(member.country, [...(groups.get(member.country) ?? []), member]);
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([country, list]) => [country, list.sort((a, b) => order[a.role] - order[b.role])] as const);
}
