import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Given } from '#client/platform/api.ts';
import { endsSession } from '#client/platform/failure.ts';
import { becomes, expectEnd, forgetEnding } from '#client/platform/session-end.ts';
import { toastFailure } from '#client/ui/overlays/toast.tsx';
import {
  enrol,
  exerciseSignIn,
  hubInfo,
  type Me,
  readEnrolment,
  signIn,
  signOut,
  whoAmI,
} from '#shared/contracts/identity.ts';

async function readMe(): Promise<Me | null> {
  try {
    return await api(whoAmI, {});
  } catch (error) {
    if (endsSession(error)) return null;
    throw error;
  }
}

/** Who is signed in here; `null` for nobody. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: readMe });
}

export function useHub() {
  return useQuery({ queryKey: ['hub'], queryFn: () => api(hubInfo, {}) });
}

function useEntering<Input>(act: (input: Input) => Promise<Me>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess(me) {
      becomes(queries, me);
      forgetEnding();
    },
  });
}

export function useSignIn() {
  return useEntering((input: Given<typeof signIn.body>) => api(signIn, input));
}

export function useExerciseSignIn() {
  return useEntering((officer: string) => api(exerciseSignIn, { officer }));
}

export function useEnrol() {
  return useEntering((input: Given<typeof enrol.body>) => api(enrol, input));
}

export function useEnrolment(token: string) {
  return useQuery({ queryKey: ['enrolment', token], queryFn: () => api(readEnrolment, { token }) });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api(signOut, {}),
    onMutate: () => expectEnd(true),
    onSuccess: () => becomes(queries, null),
    onError(error) {
      // A session that is over already is what was asked for; anything else leaves the person signed in, and says so.
      expectEnd(endsSession(error));
      if (!endsSession(error)) toastFailure(error);
    },
  });
}
