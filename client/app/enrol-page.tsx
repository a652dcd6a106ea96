import { useEffect } from 'react';
import { useNavigate } from 'react-router';

import { EnrolScreen } from '#client/features/identity/enrol-screen.tsx';
import { useMe } from '#client/features/identity/use-identity.ts';

export function EnrolPage() {
  const navigate = useNavigate();
  const me = useMe();
  const entered = me.data != null;
  useEffect(() => {
    // The used-up token leaves the address bar and the history with it.
    if (entered) navigate('/', { replace: true });
  }, [entered, navigate]);
  return <EnrolScreen />;
}
