import { useText } from '#client/platform/text.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { accessText } from './text.ts';

const roles = ['lead', 'officer', 'observer', 'auditor'] as const;

/** The role of that moment; null for somebody who was no member. */
export function Role({ role }: { readonly role: string | null }) {
  const say = useText('access', accessText);
  if (role === null) return <Pill tone="warn">{say('role.none')}</Pill>;
  const known = roles.find((one) => one === role);
  return <Pill tone={role === 'lead' ? 'accent' : 'plain'}>{known ? say(`role.${known}`) : role}</Pill>;
}
