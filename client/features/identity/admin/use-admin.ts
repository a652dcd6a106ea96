import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Given } from '#client/platform/api.ts';
import { addDesk, addOfficer, issueEnrolment, listPeople } from '#shared/contracts/identity.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

const peopleKey = ['admin', 'people'];

export function usePeople() {
  return useQuery({ queryKey: peopleKey, queryFn: () => api(listPeople, {}), staleTime: 0 });
}

function useChange<Input, Reply>(act: (input: Input) => Promise<Reply>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleKey }),
  });
}

export function useAddDesk() {
  return useChange((input: Given<typeof addDesk.body>) => api(addDesk, input));
}

export function useAddOfficer() {
  return useChange((input: Given<typeof addOfficer.body>) => api(addOfficer, input));
}

export function useIssueEnrolment() {
  return useChange((officerId: OfficerId) => api(issueEnrolment, { officerId }));
}
