import { IconAlertOctagon, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useNow } from '#client/platform/clock.ts';
import { type Say, useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { reviewText } from '../text.ts';
import type { Trust } from './check-checkpoint.ts';
import { useAcceptKey } from './use-trust.ts';
import styles from './verify.module.css';

type Props = {
  readonly operationId: OperationId;
  readonly origin: string;
  readonly trust: Trust | undefined;
};

/** How far the record can be believed, found out in this browser and not told by the hub. */
export function TrustLine({ operationId, origin, trust }: Props) {
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
    case 'key-changed':
      return (
        <KeyChanged
          operationId={operationId}
          origin={origin}
          known={trust.known}
          shown={trust.shown}
          say={say}
        />
      );
    case 'forked':
      return (
        <Alarm title={say('trust.forked-title')}>
          {say('trust.forked')} <code>{trust.reason}</code>
        </Alarm>
      );
    case 'bad':
      return <Alarm title={say('trust.bad-title')}>{say('trust.bad', { reason: trust.reason })}</Alarm>;
  }
}

type KeyChangedProps = {
  readonly operationId: OperationId;
  readonly origin: string;
  readonly known: string;
  readonly shown: string;
  readonly say: Say<typeof reviewText>;
};

function KeyChanged({ operationId, origin, known, shown, say }: KeyChangedProps) {
  const accept = useAcceptKey(operationId, origin);
  return (
    <Alarm title={say('trust.key-changed-title')}>
      {say('trust.key-changed')}
      <dl className={styles.keys}>
        <dt>{say('trust.known-key')}</dt>
        <dd>{known}</dd>
        <dt>{say('trust.shown-key')}</dt>
        <dd>{shown}</dd>
      </dl>
      <Button onClick={accept}>{say('trust.accept')}</Button>
    </Alarm>
  );
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
