import {
  type Conversation,
  type ConversationDetail,
  type Field,
  type FieldOrder,
  type FieldPatch,
  get,
  type List,
  type NewField,
  patch,
  post,
  put,
} from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys, takeConversation } from '../conversation/cache';
import type { FieldValues } from './rules';

const ALWAYS = Number.POSITIVE_INFINITY;

/** The custom fields in use, in their order. */
export const useFields = () => useQuery({ queryKey: ['fields'], queryFn: () => get<List<Field>>('/fields').then((page) => page.items), staleTime: ALWAYS });

export const useArchivedFields = () =>
  useQuery({
    queryKey: ['fields', 'archived'],
    queryFn: () => get<List<Field>>('/fields', { query: { archived: true } }).then((page) => page.items),
    staleTime: ALWAYS,
  });

function useRenew() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['fields'] });
    void client.invalidateQueries({ queryKey: ['filter-fields'] });
  };
}

export function useCreateField() {
  const renew = useRenew();
  return useMutation({ mutationFn: (form: NewField) => post<Field>('/fields', form), onSuccess: renew });
}

export function useUpdateField() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ id, version, ...form }: FieldPatch & { id: string; version?: number }) => patch<Field>(`/fields/${id}`, form, { version }),
    onSuccess: renew,
  });
}

/** Puts the fields in an order; shown at once. */
export function useOrderFields() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: Field[]) => put<List<Field>>('/field-order', { field_ids: fields.map((one) => one.id) } satisfies FieldOrder),
    onMutate: (fields) => {
      const before = client.getQueryData<Field[]>(['fields']);
      client.setQueryData<Field[]>(['fields'], fields);
      return before;
    },
    onError: (_, __, before) => client.setQueryData<Field[]>(['fields'], before),
    onSuccess: (page) => client.setQueryData<Field[]>(['fields'], page.items),
  });
}

/** Gives a conversation values; shown at once, taken back when the server refuses. */
export function useSetFields(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: FieldValues) => patch<Conversation>(`/conversations/${id}`, { fields }),
    onMutate: (fields) => {
      const before = client.getQueryData<ConversationDetail>(keys.one(id))?.fields;
      client.setQueryData<ConversationDetail>(keys.one(id), (detail) => (detail ? { ...detail, fields: { ...detail.fields, ...fields } } : detail));
      return before;
    },
    onError: (_, __, before) => {
      if (before) client.setQueryData<ConversationDetail>(keys.one(id), (detail) => (detail ? { ...detail, fields: before } : detail));
    },
    onSuccess: (fresh) => takeConversation(client, fresh),
  });
}
