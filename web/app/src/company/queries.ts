import {
  type Candidates,
  type Company,
  type CompanyPatch,
  type Conversation,
  type Customer,
  del,
  get,
  type List,
  type NewCompany,
  type Page,
  patch,
  post,
  put,
  type Representative,
  type TakenIn,
} from '@api';
import { keepPreviousData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

/** Companies by words of their names and domains; all of them without any. */
export const useCompanies = (q: string, enabled = true) =>
  useInfiniteQuery({
    enabled,
    queryKey: ['companies', q],
    queryFn: ({ pageParam, signal }) => get<Page<Company>>('/companies', { query: { q, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const companyQuery = (id: string) => ({ queryKey: ['company', id], queryFn: () => get<Company>(`/companies/${id}`), staleTime: 10_000, retry: false });
export const useCompany = (id: string | undefined) => useQuery({ ...companyQuery(id ?? ''), enabled: Boolean(id) });

export const useCompanyCustomers = (id: string) =>
  useInfiniteQuery({
    queryKey: ['company-customers', id],
    queryFn: ({ pageParam, signal }) => get<Page<Customer>>(`/companies/${id}/customers`, { query: { cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const useCompanyConversations = (id: string) =>
  useInfiniteQuery({
    queryKey: ['company-conversations', id, 'all'],
    queryFn: ({ pageParam, signal }) => get<Page<Conversation>>(`/companies/${id}/conversations`, { query: { cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** What is open with a company, newest first. */
export const useOpenWith = (id: string | undefined) =>
  useQuery({
    queryKey: ['company-conversations', id, 'open'],
    queryFn: ({ signal }) => get<Page<Conversation>>(`/companies/${id}/conversations`, { query: { open: true, limit: 10 }, signal }),
    enabled: Boolean(id),
  });

export const useCandidates = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ['candidates', id],
    queryFn: () => get<List<Candidates>>(`/companies/${id}/candidates`).then((page) => page.items),
    enabled,
  });

/** Whatever shows a company or who is in it. */
export function renewCompanies(client: QueryClient): void {
  for (const key of ['companies', 'company', 'company-customers', 'company-conversations', 'candidates', 'customer', 'conversation'])
    void client.invalidateQueries({ queryKey: [key] });
}

export const createCompany = (form: NewCompany) => post<Company>('/companies', form);

export function useSaveCompany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, ...form }: NewCompany & { id?: string; version?: number }) =>
      id ? patch<Company>(`/companies/${id}`, form satisfies CompanyPatch, { version }) : createCompany(form),
    onSuccess: (company) => {
      client.setQueryData(['company', company.id], company);
      renewCompanies(client);
    },
  });
}

export function useMergeCompany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, into }: { id: string; into: string }) => post<Company>(`/companies/${id}/merge`, { into }),
    onSuccess: () => renewCompanies(client),
  });
}

export function useDeleteCompany() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/companies/${id}`), onSuccess: () => renewCompanies(client) });
}

/** Takes in everybody of a domain, however many there are. */
export function useTakeIn(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (domain: string) => {
      let all = 0;
      for (;;) {
        const { taken, more } = await post<TakenIn>(`/companies/${id}/take-in`, { domain });
        all += taken;
        if (!more) return all;
      }
    },
    onSuccess: () => renewCompanies(client),
  });
}

/** Who answers a company first; null: nobody in particular. */
export const useRepresentative = (id: string) =>
  useQuery({ queryKey: ['representative', id], queryFn: () => get<Representative>(`/companies/${id}/representative`).then((one) => one.agent_id) });

export function useSetRepresentative(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (agent_id: string | null) => put<Representative>(`/companies/${id}/representative`, { agent_id }),
    onSuccess: (saved) => client.setQueryData(['representative', id], saved.agent_id),
  });
}
