import { type Availability, type AvailabilityForm, type AvailabilitySettings, get, type List, type OwnAvailability, put } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const ALWAYS = Number.POSITIVE_INFINITY;
export const MINE = ['availability', 'me'] as const;

/** Whether one is there for new work oneself. */
export const useOwnAvailability = () => useQuery({ queryKey: MINE, queryFn: () => get<OwnAvailability>('/availability/me'), staleTime: ALWAYS });

/** Says whether one is there; shown at once. */
export function useSetAvailability() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: AvailabilityForm) => put<OwnAvailability>('/availability/me', form),
    onSuccess: (own) => client.setQueryData(MINE, own),
  });
}

/** Everybody who ever said whether they are there. */
export const useAvailabilities = () =>
  useQuery({ queryKey: ['availability', 'all'], queryFn: () => get<List<Availability>>('/availability').then((page) => page.items), staleTime: ALWAYS });

export const useAvailabilitySettings = () =>
  useQuery({ queryKey: ['availability', 'settings'], queryFn: () => get<AvailabilitySettings>('/availability-settings'), staleTime: ALWAYS });

export function useSaveAvailabilitySettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: AvailabilitySettings) => put<AvailabilitySettings>('/availability-settings', settings),
    onSuccess: () => client.invalidateQueries({ queryKey: ['availability'] }),
  });
}
