import { useEffect, useState, useSyncExternalStore } from 'react';

import { useBoard } from '../board-context.ts';
import { type Other, typingKey } from '../model/presence.ts';

export type Typing = {
  /** Whoever else is typing here. */
  readonly other: Other | null;
  /** The field waits for them. */
  readonly waits: boolean;
  readonly typeToo: () => void;
  readonly field: {
    readonly readOnly: boolean;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
};

/**
 * For a field that holds one writer's words at a time: says to the others that this officer is in it, and waits while
 * another is, until the officer asks to type too. Who was there first goes on. [CB-25]
 */
export function useTyping(record: string, field: string): Typing {
  const { desk } = useBoard();
  const { presence } = desk;
  const key = typingKey({ record, field });
  const other = useSyncExternalStore(presence.subscribe, () => presence.typists().get(key) ?? null);
  const [focused, setFocused] = useState(false);
  const [mine, setMine] = useState(false);
  if (focused && !mine && other === null) setMine(true);
  useEffect(() => {
    if (!mine) return;
    presence.say({ typing: { record, field } });
    return () => presence.say({ typing: null });
  }, [presence, mine, record, field]);
  const waits = other !== null && !mine;
  return {
    other,
    waits,
    typeToo: () => setMine(true),
    field: {
      readOnly: waits,
      onFocus: () => setFocused(true),
      onBlur: () => {
        setFocused(false);
        setMine(false);
      },
    },
  };
}
