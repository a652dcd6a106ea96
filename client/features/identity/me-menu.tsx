import { IconLayoutGrid, IconLogout, IconUsersGroup } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { Menu, MenuDivider, MenuItem, MenuLabel } from '#client/ui/overlays/menu.tsx';
import type { Me } from '#shared/contracts/identity.ts';
import styles from './me-menu.module.css';
import { identityText } from './text.ts';
import { useSignOut } from './use-identity.ts';

export function MeMenu({ me }: { readonly me: Me }) {
  const say = useText('identity', identityText);
  const navigate = useNavigate();
  const signOut = useSignOut();
  const target = (
    <button type="button" className={styles.target} aria-label={say('me.menu', { name: me.name })}>
      <Avatar person={me} size={28} />
    </button>
  );
  return (
    <Menu target={target}>
      <div className={styles.who}>
        <b>{me.name}</b>
        <span>
          {me.country} · {me.deskName}
        </span>
        <span className={styles.until}>{say('me.until', { time: utcStamp(me.sessionEndsAt) })}</span>
      </div>
      <MenuDivider />
      <MenuItem icon={<IconLayoutGrid size={16} />} onPick={() => navigate('/')}>
        {say('me.operations')}
      </MenuItem>
      {me.hostAdministrator && (
        <MenuItem icon={<IconUsersGroup size={16} />} onPick={() => navigate('/admin')}>
          {say('me.admin')}
        </MenuItem>
      )}
      <MenuDivider />
      <MenuLabel>{me.email}</MenuLabel>
      <MenuItem icon={<IconLogout size={16} />} onPick={() => signOut.mutate()}>
        {say('me.sign-out')}
      </MenuItem>
    </Menu>
  );
}
