import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { useBrowserCosigning, useBrowserKey, useBrowserSwitch } from './use-browser-witness.ts';
import styles from './witnesses.module.css';

/** The switch of this browser's own key. */
export function BrowserWitness({ room }: { readonly room: Room }) {
  const say = useText('witnesses', witnessesText);
  const now = useNow(1000);
  const { operationId, origin, desk } = room;
  const key = useBrowserKey(operationId, origin).data;
  const cosigned = useBrowserCosigning(operationId, origin);
  const { on, off } = useBrowserSwitch(operationId, origin, desk);
  return (
    <section className={styles.block}>
      <h3>{say('browser.title')}</h3>
      <p>{say('browser.says')}</p>
      {key === 'unable' && <p>{say('browser.unable')}</p>}
      {key === 'held' && (
        <p>
          {cosigned.data
            ? say('browser.state', {
                size: cosigned.data.size.toLocaleString('en'),
                ago: elapsed(cosigned.data.at, now),
              })
            : say('browser.waiting')}
        </p>
      )}
      <Trouble error={on.error ?? off.error ?? (key === 'held' ? cosigned.error : null)} />
      {key === 'none' && (
        <Button busy={on.isPending} onClick={() => on.mutate()}>
          {say('browser.on')}
        </Button>
      )}
      {key === 'held' && (
        <Button busy={off.isPending} onClick={() => off.mutate(say('browser.off'))}>
          {say('browser.off')}
        </Button>
      )}
    </section>
  );
}
