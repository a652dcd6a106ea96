import { IconBuildingBank, IconKey, IconPlus, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button, IconButton } from '#client/ui/controls/button.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { countryName } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Desk } from '#shared/contracts/common.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { listPeople } from '#shared/contracts/identity.ts';
import { AddDesk } from './add-desk.tsx';
import { AddOfficer } from './add-officer.tsx';
import styles from './admin.module.css';
import { ReissueLink } from './reissue-link.tsx';
import { adminText } from './text.ts';
import { usePeople } from './use-admin.ts';

type Officer = ReplyOf<typeof listPeople>['officers'][number];
type Asking =
  | { readonly what: 'desk' }
  | { readonly what: 'officer'; readonly desk: Desk }
  | { readonly what: 'reissue'; readonly officer: Officer };

/** Desks and who stands at them. Nothing of any operation is visible from here. */
export function AdminScreen() {
  const say = useText('admin', adminText);
  const people = usePeople();
  const [asking, setAsking] = useState<Asking | null>(null);
  const done = () => setAsking(null);
  const addDesk = (
    <Button look="primary" onClick={() => setAsking({ what: 'desk' })}>
      <IconPlus size={16} />
      {say('add-desk')}
    </Button>
  );
  const desks = people.data?.desks ?? [];
  return (
    <section className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{say('title')}</h1>
          <p>{say('lead')}</p>
        </div>
        {desks.length > 0 && addDesk}
      </header>
      {people.isPending && <Loading label={say('loading')} />}
      {people.isError && (
        <Refused
          error={people.error}
          actions={<Button onClick={() => people.refetch()}>{say('again')}</Button>}
        />
      )}
      {people.isSuccess && desks.length === 0 && (
        <StateScreen
          icon={<IconBuildingBank size={28} stroke={1.4} />}
          title={say('empty-title')}
          actions={addDesk}
        >
          {say('empty')}
        </StateScreen>
      )}
      <div className={styles.desks}>
        {desks.map((desk) => (
          <DeskCard
            key={desk.id}
            desk={desk}
            officers={people.data?.officers.filter((officer) => officer.desk === desk.code) ?? []}
            onAsk={setAsking}
          />
        ))}
      </div>
      {asking?.what === 'desk' && <AddDesk onClose={done} />}
      {asking?.what === 'officer' && <AddOfficer desk={asking.desk} onClose={done} />}
      {asking?.what === 'reissue' && <ReissueLink officer={asking.officer} onClose={done} />}
    </section>
  );
}

type DeskProps = {
  readonly desk: Desk;
  readonly officers: readonly Officer[];
  readonly onAsk: (asking: Asking) => void;
};

function DeskCard({ desk, officers, onAsk }: DeskProps) {
  const say = useText('admin', adminText);
  return (
    <section className={styles.desk} aria-label={desk.name}>
      <header>
        <span className="mono">{desk.code}</span>
        <span className={styles.deskName}>
          <b>{desk.name}</b>
          <span>{countryName(desk.country)}</span>
        </span>
        {desk.kind === 'partner' && <Pill tone="warn">{say('partner')}</Pill>}
        <IconButton label={say('add-officer')} onClick={() => onAsk({ what: 'officer', desk })}>
          <IconUserPlus size={16} />
        </IconButton>
      </header>
      {officers.length === 0 && <p>{say('no-officers')}</p>}
      <ul>
        {officers.map((officer) => (
          <li key={officer.id}>
            <Avatar
              person={{ officer: officer.id, name: officer.name, country: officer.country }}
              size={28}
            />
            <span className={styles.officer}>
              <b>{officer.name}</b>
              <span>{officer.email}</span>
            </span>
            {officer.hostAdministrator && <Pill tone="accent">{say('administrator')}</Pill>}
            {officer.state === 'invited' && <Pill>{say('state.invited')}</Pill>}
            <IconButton label={say('new-link')} onClick={() => onAsk({ what: 'reissue', officer })}>
              <IconKey size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
