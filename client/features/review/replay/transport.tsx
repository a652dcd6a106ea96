import {
  IconArrowsDiff,
  IconChevronLeft,
  IconChevronRight,
  IconEye,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
} from '@tabler/icons-react';
import { type CSSProperties, useMemo } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { localStamp, utcSeconds, utcStamp } from '#client/platform/time.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Select } from '#client/ui/controls/field.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { pinsOf } from '../findings/findings.ts';
import { PinLane } from '../findings/pin-lane.tsx';
import { findingsText } from '../findings/text.ts';
import styles from './replay.module.css';
import { speeds } from './speed.ts';
import type { Tape } from './tape.ts';
import { replayText } from './text.ts';
import type { Playing } from './use-playing.ts';
import { useGrown } from './use-tape.ts';

type Props = {
  readonly tape: Tape;
  readonly position: number;
  readonly at: string | null;
  readonly playing: Playing;
  readonly findings: readonly Finding[];
  readonly onGo: (position: number) => void;
  readonly onStep: (direction: 1 | -1) => void;
};

/** The slider and its buttons. The same keys work anywhere in the replay. */
export function Transport({ tape, position, at, playing, findings, onGo, onStep }: Props) {
  const say = useText('replay', replayText);
  useGrown(tape);
  const last = tape.size - 1;
  return (
    <div className={styles.transport}>
      <Slider tape={tape} position={position} at={at} findings={findings} onGo={onGo} />
      <div className={styles.buttons}>
        <IconButton label={say('first')} disabled={position <= -1} onClick={() => onGo(-1)}>
          <IconPlayerSkipBack size={17} />
        </IconButton>
        <IconButton label={say('back')} disabled={position <= -1} onClick={() => onStep(-1)}>
          <IconChevronLeft size={19} />
        </IconButton>
        <IconButton
          label={say(playing.on ? 'pause' : 'play')}
          className={styles.play ?? ''}
          onClick={playing.toggle}
        >
          {playing.on ? <IconPlayerPauseFilled size={17} /> : <IconPlayerPlayFilled size={17} />}
        </IconButton>
        <IconButton label={say('on')} disabled={position >= last} onClick={() => onStep(1)}>
          <IconChevronRight size={19} />
        </IconButton>
        <IconButton label={say('last')} disabled={position >= last} onClick={() => onGo(last)}>
          <IconPlayerSkipForward size={17} />
        </IconButton>
        <div className={styles.speed}>
          <Select
            label={say('speed')}
            bare
            small
            value={playing.speed.id}
            onPick={playing.setSpeed}
            options={speeds.map(({ id }) => ({ value: id, label: say(`speed.${id}` as 'speed.times-1') }))}
          />
        </div>
        <Clock at={at} />
        <Link className={styles.way ?? ''} to={`?view=compare&a=${position}`} title={say('compare')}>
          <IconArrowsDiff size={17} aria-label={say('compare')} />
        </Link>
        <Link
          className={styles.way ?? ''}
          to={`?view=access&at=${Math.max(0, position)}`}
          title={say('who-saw')}
        >
          <IconEye size={17} aria-label={say('who-saw')} />
        </Link>
        <span className={styles.entry}>
          {position < 0 ? say('before') : say('entry', { seq: position, last })}
        </span>
      </div>
    </div>
  );
}

function Slider({ tape, position, at, findings, onGo }: Omit<Props, 'playing' | 'onStep'>) {
  const say = useText('replay', replayText);
  const sayFindings = useText('findings', findingsText);
  const last = tape.size - 1;
  const marks = useMemo(
    () =>
      [...pinsOf(findings.filter(({ pinned }) => pinned.seq >= 0 && pinned.seq <= last))].map(
        ([seq, here]) => ({
          along: (seq + 1) / Math.max(1, last + 1),
          findings: here,
        }),
      ),
    [findings, last],
  );
  const part = (seq: number) => (seq + 1) / Math.max(1, tape.size);
  const spoken = { seq: position, last, time: at === null ? '' : utcStamp(at) };
  const style: CSSProperties = { '--done': part(position), '--here': part(tape.loadedTo - 1) };
  return (
    <div className={styles.slider} style={style}>
      <div className={styles.rail} aria-hidden="true" />
      <input
        type="range"
        aria-label={say('place')}
        aria-valuetext={position < 0 ? say('before') : say('place-says', spoken)}
        min={-1}
        max={last}
        step={1}
        value={position}
        onChange={(event) => onGo(Number(event.target.value))}
      />
      <PinLane label={sayFindings('lane.place')} marks={marks} onPick={({ pinned }) => onGo(pinned.seq)} />
    </div>
  );
}

function Clock({ at }: { readonly at: string | null }) {
  const say = useText('replay', replayText);
  if (at === null) return <span className={styles.clock}>–</span>;
  return (
    <time className={styles.clock} dateTime={at}>
      <b>
        {utcStamp(at).slice(0, -5)}
        {utcSeconds(at)}
      </b>{' '}
      {say('utc')} <span>{say('here', { local: localStamp(at) })}</span>
    </time>
  );
}
