import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { useNow } from '#client/platform/clock.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import { Trouble } from '#client/ui/states/states.tsx';
import { readAnchor } from '#shared/contracts/record-log.ts';
import { hubKeyOf } from '../verify/hub-key.ts';
import { readPolicy } from '../verify/pinned.ts';
import { type HubStanding, hubStanding } from './hub-standing.ts';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import styles from './witnesses.module.css';

/** The hub's own record: watched by the same witnesses, weighed by the same policy. [RC-83] */
export function HubRecord({ room: { operationId, origin } }: { readonly room: Room }) {
  const say = useText('witnesses', witnessesText);
  const found = useQuery({
    queryKey: operationKey(operationId, 'hub-record'),
    queryFn: ({ signal }) => api(readAnchor, { operationId }, { signal }),
    refetchInterval: 5_000,
  });
  const policy = readPolicy(origin)?.text ?? null;
  const standing =
    found.data && hubStanding({ reply: found.data, key: hubKeyOf(found.data.vkey, origin), policy });
  return (
    <section className={styles.block}>
      <h3>{say('hub.title')}</h3>
      <p>{say('hub.says')}</p>
      <Trouble error={found.error} />
      {standing && <Words standing={standing} />}
    </section>
  );
}

function Words({ standing }: { readonly standing: HubStanding }) {
  const say = useText('witnesses', witnessesText);
  const now = useNow(1000);
  switch (standing.state) {
    case 'met': {
      const { have, of, at, size } = standing;
      const covers = say('stand.covers', { size: size.toLocaleString('en') });
      return (
        <p className={styles.hub}>
          {say('hub.met', { have, of, ago: elapsed(at, now) })} {covers}
        </p>
      );
    }
    case 'bad':
      return (
        <p className={styles.hub} data-bad role="alert">
          {say('hub.bad', { reason: standing.reason })}
        </p>
      );
    default:
      return <p className={styles.hub}>{say(`hub.${standing.state}`)}</p>;
  }
}
