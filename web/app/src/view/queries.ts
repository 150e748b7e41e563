import {
  type Conversation,
  del,
  type Filter,
  type FilterField,
  get,
  type List,
  type NewView,
  type Page,
  patch,
  post,
  type TypedFilter,
  type View,
  type ViewCounts,
  type ViewPatch,
} from '@api';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const ALWAYS = Number.POSITIVE_INFINITY;

/** The saved views that one sees, in their order. */
export const useSavedViews = () => useQuery({ queryKey: ['views'], queryFn: () => get<List<View>>('/views').then((page) => page.items), staleTime: ALWAYS });

export const useViewCounts = (enabled = true) =>
  useQuery({ queryKey: ['view-counts'], queryFn: () => get<ViewCounts>('/view-counts'), staleTime: 10_000, enabled });

/** What filters can ask for, and with which operators. */
export const useFilterFields = () =>
  useQuery({ queryKey: ['filter-fields'], queryFn: () => get<List<FilterField>>('/filter-fields').then((page) => page.items), staleTime: ALWAYS });

/** The first conversations that a filter finds, while it is being made. */
export const usePreview = (filter: Filter | null) =>
  useQuery({
    queryKey: ['filter-preview', filter],
    queryFn: ({ signal }) => get<Page<Conversation>>('/conversations', { query: { filter: JSON.stringify(filter), limit: 3 }, signal }),
    enabled: filter !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** A typed query as conditions. */
export const readTyped = (q: string) => get<TypedFilter>('/typed-filter', { query: { q } }).then((answer) => answer.filter);

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, ...form }: NewView & { id?: string; version?: number }) =>
      id ? patch<View>(`/views/${id}`, form satisfies ViewPatch, { version }) : post<View>('/views', form),
    onSuccess: (view) => {
      client.setQueryData<View[]>(['views'], (views) => [...(views ?? []).filter((one) => one.id !== view.id), view]);
      void client.invalidateQueries({ queryKey: ['view-counts'] });
      void client.invalidateQueries({ queryKey: ['conversations', view.id] });
    },
  });
}

export function useDeleteView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(`/views/${id}`),
    onSuccess: (_, id) => client.setQueryData<View[]>(['views'], (views) => views?.filter((one) => one.id !== id)),
  });
}
