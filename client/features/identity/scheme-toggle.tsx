import { IconMoon, IconSun } from '@tabler/icons-react';

import { useText } from '#client/platform/text.ts';
import { chooseScheme, useScheme } from '#client/platform/theme.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { identityText } from './text.ts';

export function SchemeToggle() {
  const say = useText('identity', identityText);
  const scheme = useScheme();
  const dark = scheme === 'dark';
  return (
    <IconButton
      label={say(dark ? 'theme.to-light' : 'theme.to-dark')}
      onClick={() => chooseScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={17} stroke={1.6} /> : <IconMoon size={17} stroke={1.6} />}
    </IconButton>
  );
}
