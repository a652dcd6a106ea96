import { IconShieldQuestion } from '@tabler/icons-react';
import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed, utcStamp } from '#client/platform/time.ts';
import { Loading, Trouble } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { packCheckpoint } from '#shared/contracts/packs.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { readCosignerName } from '#shared/record/witness/names.ts';
import { Choices } from './choices.tsx';
import type { PackChoice } from './pack-choice.ts';
import styles from './packs.module.css';
import { packsText } from './text.ts';
import { usePackCheckpoint } from './use-pack.ts';

type Reply = ReplyOf<typeof packCheckpoint>;
type Suggested = NonNullable<Reply['suggested']>;
type Props = {
  readonly operationId: OperationId;
  readonly choice: PackChoice;
  readonly onChange: (change: Partial<PackChoice>) => void;
};

/** What the pack rests on: suggested is the checkpoint that the desks have cosigned. [RC-80] */
export function CheckpointFields({ operationId, choice, onChange }: Props) {
  const say = useText('packs', packsText);
  const found = usePackCheckpoint(operationId);
  if (found.isPending) return <Loading label={say('checkpoint.loading')} rows={2} />;
  if (found.data === undefined) return <Trouble error={found.error} />;
  const { suggested } = found.data;
  if (suggested === null) return <Uncosigned />;
  const cut =
    choice.checkpoint === 'cosigned' && choice.scope === 'time' && choice.until > suggested.signedAt;
  return (
    <>
      <Picked reply={found.data} suggested={suggested} choice={choice} onChange={onChange} />
      {cut && <p className={styles.cut}>{say('checkpoint.cut')}</p>}
    </>
  );
}

function Picked(props: {
  readonly reply: Reply;
  readonly suggested: Suggested;
  readonly choice: PackChoice;
  readonly onChange: Props['onChange'];
}) {
  const say = useText('packs', packsText);
  const { reply, suggested, choice, onChange } = props;
  const now = useNow(1000);
  const { size, signedAt, met, cosigners } = suggested;
  const ago = elapsed(Date.parse(signedAt), now);
  const who = useNamed(cosigners.map(({ name }) => name));
  const behind = reply.asOf - size;
  const says = [
    say('checkpoint.covers', { size, when: utcStamp(signedAt), ago, who }),
    reply.quorum === null
      ? say('checkpoint.no-quorum')
      : say(met ? 'checkpoint.met' : 'checkpoint.short', reply.quorum),
    behind > 0 ? ` ${say('checkpoint.behind', { count: behind })}` : '',
  ].join('');
  return (
    <Choices
      title={say('checkpoint')}
      value={choice.checkpoint}
      onPick={(checkpoint) => onChange({ checkpoint })}
      options={[
        {
          value: 'cosigned' as const,
          label: say(met ? 'checkpoint.cosigned' : 'checkpoint.cosigned-best'),
          says,
        },
        { value: 'newest' as const, label: say('checkpoint.newest'), says: say('checkpoint.newest-says') },
      ]}
    />
  );
}

const MOST_NAMED = 6;

/** Codes of the desks, not more of them than a line or two can hold. */
function useNamed(names: readonly string[]): string {
  const say = useText('packs', packsText);
  const desks = names.map((name) => readCosignerName(name)?.desk ?? name);
  const who = desks.slice(0, MOST_NAMED).join(', ');
  return desks.length > MOST_NAMED
    ? say('checkpoint.who-more', { who, count: desks.length - MOST_NAMED })
    : who;
}

function Uncosigned() {
  const say = useText('packs', packsText);
  return (
    <div className={styles.uncosigned} role="note">
      <IconShieldQuestion size={18} />
      <p>
        <b>{say('checkpoint.none-title')}</b>
        {say('checkpoint.none')}
      </p>
    </div>
  );
}
