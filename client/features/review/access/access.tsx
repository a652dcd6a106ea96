import { useSearchParams } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { MomentsPage } from '../moments/moments-page.tsx';
import { PrintButton } from '../moments/print-frame.tsx';
import { UnderReading } from '../moments/under-reading.tsx';
import { usePlaces } from '../moments/use-places.ts';
import { type Strip as Counts, timeAbout } from '../moments/use-strip.ts';
import type { PartProps } from '../parts.tsx';
import styles from './access.module.css';
import { ItemAccess } from './item.tsx';
import { Matrix } from './matrix.tsx';
import { Pick } from './pick.tsx';
import { accessText } from './text.ts';
import { type About, useAccess } from './use-access.ts';

/** Who could see what at a moment, and who had looked. */
export function Access({ operationId, name, purpose }: PartProps) {
  return (
    <UnderReading operationId={operationId} what="access" purpose={purpose}>
      {(given) => <Asking operationId={operationId} name={name} {...given} />}
    </UnderReading>
  );
}

type Props = {
  readonly operationId: OperationId;
  readonly name: string;
  readonly reading: number;
  readonly strip: Counts;
};

const names = ['at'] as const;

function Asking({ operationId, name, reading, strip }: Props) {
  const say = useText('access', accessText);
  const size = strip.asOf;
  const { about, ask, addressOf } = useAbout();
  const { places, rested, go } = usePlaces({ names, size, usual: () => size - 1 });
  const seq = Math.max(0, rested.at);
  const access = useAccess(operationId, { reading, seq });
  const held = access.data;
  const at = held?.moment.seq === places.at ? held.moment.at : timeAbout(strip, places.at);
  const when = held
    ? say('when', { seq: held.moment.seq, time: held.moment.at === null ? '–' : utcStamp(held.moment.at) })
    : '';
  return (
    <MomentsPage
      operationId={operationId}
      reading={reading}
      strip={strip}
      moments={[{ name: '', place: places.at, at, onGo: (place) => go('at', Math.max(0, place)) }]}
      beside={
        <>
          <span className={styles.space} />
          <Pick things={held?.things ?? []} about={about} last={size - 1} onAsk={ask} />
          <PrintButton />
        </>
      }
      // Nothing in it is marked, and it tells of everything: as strict as can be.
      printed={{ name, marking: 'RED', when }}
      title={say('title')}
      asked={access}
      says={say('reading')}
    >
      {(told) =>
        about === null ? (
          <Matrix access={told} askAddress={(id) => addressOf({ objectId: id })} />
        ) : (
          <ItemAccess operationId={operationId} reading={reading} seq={seq} about={about} />
        )
      }
    </MomentsPage>
  );
}

/** What is asked about stands in the address, beside the moment. */
function useAbout() {
  const [query, setQuery] = useSearchParams();
  const entry = query.get('entry');
  const object = query.get('object');
  const about: About =
    entry !== null && /^\d{1,9}$/.test(entry)
      ? { entry: Number(entry) }
      : object !== null && /^[0-9a-f]{32}$/.test(object)
        ? { objectId: object }
        : null;
  const queryOf = (next: About) => {
    const at = query.get('at');
    const kept = { view: 'access', ...(at !== null && { at }) };
    if (next === null) return kept;
    return 'entry' in next ? { ...kept, entry: String(next.entry) } : { ...kept, object: next.objectId };
  };
  return {
    about,
    ask: (next: About) => setQuery(queryOf(next)),
    addressOf: (next: About) => `?${new URLSearchParams(queryOf(next))}`,
  };
}
