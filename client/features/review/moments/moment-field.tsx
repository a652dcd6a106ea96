import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { api } from '#client/platform/api.ts';
import { useText } from '#client/platform/text.ts';
import { localStamp, utcSeconds, utcStamp } from '#client/platform/time.ts';
import { TextField } from '#client/ui/controls/field.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { readRoomAt } from '#shared/contracts/review-replay.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import styles from './moments.module.css';
import { momentsText } from './text.ts';

type Props = {
  readonly operationId: OperationId;
  readonly reading: number;
  /** Empty where there is only one moment. */
  readonly name: string;
  readonly place: number;
  readonly last: number;
  /** When that was, as far as it is known. */
  readonly at: string | null;
  readonly onGo: (place: number) => void;
};

/** A moment by its entry or by its time, beside the slider. */
export function MomentField({ operationId, reading, name, place, last, at, onGo }: Props) {
  const say = useText('moments', momentsText);
  const timed = useMutation({
    mutationFn: (time: string) => api(readRoomAt, { operationId, reading, time, messages: 0, indicators: 0 }),
    onSuccess: ({ moment }) => onGo(moment.seq),
  });
  return (
    <div className={styles.moment}>
      {name !== '' && (
        <b className={styles.name} aria-hidden="true">
          {name}
        </b>
      )}
      <span className={styles.sign} aria-hidden="true">
        #
      </span>
      <TypedField
        label={name === '' ? say('entry-one') : say('entry', { name })}
        type="number"
        max={last}
        value={String(place)}
        onTake={(typed) => /^-?\d+$/.test(typed) && onGo(Number(typed))}
      />
      <TypedField
        label={name === '' ? say('time-one') : say('time', { name })}
        type="datetime-local"
        value={at === null ? '' : at.slice(0, 19)}
        onTake={(time) => time !== '' && timed.mutate(endOf(time))}
      />
      <span className={styles.when}>
        {at === null ? (
          say('before')
        ) : (
          <time dateTime={at}>
            <b>
              {utcStamp(at).slice(0, -5)}
              {utcSeconds(at)}
            </b>{' '}
            {say('utc')} <span>{say('here', { local: localStamp(at) })}</span>
          </time>
        )}
      </span>
      <Trouble error={timed.error} />
    </div>
  );
}

/** What is read at 21:31:07 stands for the whole second. */
function endOf(typed: string): string {
  return `${typed.length === 16 ? `${typed}:59` : typed.slice(0, 19)}.999Z`;
}

type TypedProps = {
  readonly label: string;
  readonly type: 'number' | 'datetime-local';
  readonly value: string;
  readonly max?: number;
  readonly onTake: (typed: string) => void;
};

/** What is typed counts once Enter is pressed or the field is left, and Escape gives it up. */
function TypedField({ label, type, value, max, onTake }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const take = () => {
    if (typed !== value) onTake(typed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') take();
    if (event.key === 'Escape') setTyped(value);
  };
  return (
    <div className={type === 'number' ? styles.entry : styles.time}>
      <TextField
        label={label}
        bare
        small
        mono={type === 'number'}
        type={type}
        {...(type === 'number' ? { min: -1, max } : { step: 1 })}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={onKeyDown}
        onBlur={take}
      />
    </div>
  );
}
