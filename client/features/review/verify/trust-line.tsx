import { IconAlertOctagon, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { reviewText } from '../text.ts';
import { alarmWords } from './alarm-words.ts';
import type { Trust } from './trust.ts';
import styles from './verify.module.css';

/** How far the record can be believed, found out in this browser and not told by the hub. */
export function TrustLine({ trust }: { readonly trust: Trust | undefined }) {
  const say = useText('review', reviewText);
  const now = useNow(1000);
  if (trust === undefined) return <div className={styles.line}>{say('trust.loading')}</div>;
  switch (trust.state) {
    case 'unsigned':
      return (
        <div className={styles.line}>
          <IconShieldQuestion size={17} />
          {say('trust.unsigned')}
        </div>
      );
    case 'held':
      return (
        <div className={styles.line} data-state="held">
          <IconShieldCheck size={17} />
          <span>
            {say(trust.first ? 'trust.first' : 'trust.held', {
              size: trust.checkpoint.size.toLocaleString('en'),
              ago: trust.signedAt ? elapsed(Date.parse(trust.signedAt), now) : '?',
            })}
          </span>
          <CopyButton text={trust.vkey} label={say('trust.copy-key')} />
        </div>
      );
    case 'forked':
    case 'rolled-back':
    case 'key-changed': {
      const { title, says } = alarmWords(say, trust.state);
      return (
        <Alarm title={title}>
          {says} <code>{trust.evidence.reason}</code>
        </Alarm>
      );
    }
    case 'bad':
      return <Alarm title={say('trust.bad-title')}>{say('trust.bad', { reason: trust.reason })}</Alarm>;
  }
}

function Alarm({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles.alarm} role="alert">
      <IconAlertOctagon size={20} />
      <div>
        <b>{title}</b>
        <div>{children}</div>
      </div>
    </div>
  );
}
