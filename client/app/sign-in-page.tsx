import { Navigate, useLocation } from 'react-router';

import { SignInScreen } from '#client/features/identity/sign-in-screen.tsx';
import { useMe } from '#client/features/identity/use-identity.ts';

/** Goes on to where the person wanted to be. Only paths of this page are gone to. */
export function SignInPage() {
  const me = useMe();
  const { state } = useLocation();
  const wanted: unknown = state?.wanted;
  const to = typeof wanted === 'string' && /^\/(?!\/)/.test(wanted) ? wanted : '/';
  if (me.data) return <Navigate to={to} replace />;
  return <SignInScreen />;
}
