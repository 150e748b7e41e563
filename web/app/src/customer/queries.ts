import { type Conversation, type Customer, type CustomerPatch, get, type Page, patch } from '@api';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export const useCustomer = (id: string | undefined) =>
  useQuery({
    queryKey: ['customer', id],
    queryFn: () => get<Customer>(`/customers/${id}`),
    enabled: Boolean(id),
    placeholderData: (old) => (old?.id === id ? old : undefined),
  });

export const useCustomerConversations = (id: string | undefined) =>
  useQuery({
    queryKey: ['customer-conversations', id],
    queryFn: () => get<Page<Conversation>>(`/customers/${id}/conversations`, { query: { limit: 20 } }),
    enabled: Boolean(id),
  });

export const useCustomers = (q: string, enabled = true) =>
  useInfiniteQuery({
    enabled,
    queryKey: ['customers', q],
    queryFn: ({ pageParam, signal }) => get<Page<Customer>>('/customers', { query: { q, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });

export function useUpdateCustomer(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: CustomerPatch) => patch<Customer>(`/customers/${id}`, change),
    // What a company is called, and whether a number is one, only the server knows.
    onMutate: ({ company_id: _company, phones: _phones, ...change }) => {
      const before = client.getQueryData<Customer>(['customer', id]);
      if (before) client.setQueryData<Customer>(['customer', id], { ...before, ...change });
      return { before };
    },
    onError: (_error, _change, kept) => client.setQueryData(['customer', id], kept?.before),
    onSuccess: (customer, change) => {
      client.setQueryData(['customer', id], customer);
      if (change.company_id === undefined) return;
      for (const key of ['company', 'companies', 'company-customers', 'company-conversations', 'candidates', 'customers'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
