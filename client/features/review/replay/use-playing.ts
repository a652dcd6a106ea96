import { useEffect, useState } from 'react';
import { clock } from '#client/platform/clock.ts';
import { nextFrame, type Speed, speeds } from './speed.ts';
import type { Tape } from './tape.ts';
import { useGrown } from './use-tape.ts';

export type Playing = {
  readonly on: boolean;
  readonly toggle: () => void;
  readonly pause: () => void;
  readonly speed: Speed;
  readonly setSpeed: (id: string) => void;
};

type Given = {
  readonly tape: Tape;
  readonly position: number;
  /** What stands on screen is that of `position`: playing never runs ahead of what is shown. */
  readonly shown: boolean;
  readonly go: (position: number) => void;
};

const usual = speeds[1] as Speed;

/** Goes on by itself until the end. Started at the end, it begins again. */
export function usePlaying({ tape, position, shown, go }: Given): Playing {
  const [on, setOn] = useState(false);
  const [speed, pick] = useState(usual);
  const grown = useGrown(tape);
  useEffect(() => {
    if (!on || !shown) return;
    const next = nextFrame(grown.tape, position, speed);
    if (next === undefined) return grown.tape.want(position);
    if (next === null) return setOn(false);
    return clock.after(next.wait, () => go(next.seq));
  }, [on, shown, grown, position, speed, go]);
  const toggle = () => {
    if (!on && position >= tape.size - 1) go(-1);
    setOn(!on);
  };
  const setSpeed = (id: string) => pick(speeds.find((each) => each.id === id) ?? usual);
  return { on, toggle, pause: () => setOn(false), speed, setSpeed };
}
