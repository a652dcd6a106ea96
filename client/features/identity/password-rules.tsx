import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';

import { useText } from '#client/platform/text.ts';
import styles from './enrol.module.css';
import { identityText } from './text.ts';

const LEAST = 15;

type Given = { readonly password: string; readonly again: string; readonly own: readonly string[] };

function checks({ password, again, own }: Given) {
  const lower = password.toLowerCase();
  const words = own.flatMap((text) => text.toLowerCase().split(/[\s@.]+/)).filter((word) => word.length > 3);
  return {
    length: [...password].length >= LEAST,
    varied: password !== '' && new Set(lower).size >= 6 && !/^(.{1,6})\1+$/.test(lower),
    own: password !== '' && !words.some((word) => lower.includes(word)),
    same: password !== '' && password === again,
  };
}

/** What can be said here; whether it is a common password is for the hub to say. */
export function passwordHolds(given: Given): boolean {
  return Object.values(checks(given)).every(Boolean);
}

export function PasswordRules(given: Given) {
  const say = useText('identity', identityText);
  const holds = checks(given);
  const rules = [
    [holds.length, say('enrol.rule-length', { count: [...given.password].length })],
    [holds.varied, say('enrol.rule-varied')],
    [holds.own, say('enrol.rule-own')],
    [holds.same, say('enrol.rule-same')],
  ] as const;
  return (
    <ul className={styles.rules} aria-live="polite">
      {rules.map(([held, text]) => (
        <li key={text} data-held={held}>
          {held ? <IconCircleCheckFilled size={15} /> : <IconCircle size={15} />}
          {text}
        </li>
      ))}
    </ul>
  );
}
