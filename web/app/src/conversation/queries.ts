import {
  type Conversation,
  type ConversationCounts,
  type ConversationDetail,
  type ConversationPatch,
  type CustomStatus,
  type CustomStatusRef,
  get,
  type NewConversation,
  type NewStatus,
  type Page,
  Problem,
  patch,
  post,
  put,
  type SearchResult,
  type Status,
  type Tag,
  type TimelineItem,
} from '@api';
import { keepPreviousData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { defaultOf } from '../status/groups';
import { changeConversation, findConversation, keys, takeConversation } from './cache';
import { type Sort, viewQuery } from './views';

const PAGE = 50;
const ALWAYS = Number.POSITIVE_INFINITY;

/** Values of custom fields come with the rows, where some are shown. */
export const fieldsToo = (wanted: boolean): { with_fields?: true } => (wanted ? { with_fields: true } : {});

/** One view, newest first (or as sorted), fetched as one scrolls. */
export function useConversationList(view: string, sort: Sort, withFields: boolean, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.list(view, sort),
    queryFn: ({ pageParam, signal }) =>
      get<Page<Conversation>>('/conversations', { query: { ...viewQuery(view), ...fieldsToo(withFields), sort, cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 5_000,
    enabled,
  });
}

export const useCounts = () => useQuery({ queryKey: keys.counts, queryFn: () => get<ConversationCounts>('/conversation-counts'), staleTime: ALWAYS });

export function useConversation(id: string | undefined) {
  const client = useQueryClient();
  return useQuery<ConversationDetail>({
    queryKey: keys.one(id ?? ''),
    queryFn: ({ signal }) => get<ConversationDetail>(`/conversations/${id}`, { signal }),
    enabled: Boolean(id),
    staleTime: ALWAYS,
    // The row already knows nearly everything: the head is drawn at once.
    placeholderData: (): ConversationDetail | undefined => {
      const row = id ? findConversation(client, id) : undefined;
      return row
        ? ({
            participants: [],
            reply_to_defaults: { to: [], cc: [] },
            links: [],
            follower_ids: [],
            guests: [],
            greeting: null,
            callback: null,
            fields: {},
            ...row,
          } as ConversationDetail)
        : undefined;
    },
  });
}

const timelineOptions = (id: string) => ({
  queryKey: keys.timeline(id),
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get<Page<TimelineItem>>(`/conversations/${id}/timeline`, { query: { cursor: pageParam, limit: PAGE }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<TimelineItem>) => last.next,
  staleTime: ALWAYS,
});

/** What happened in a conversation, newest first; older pages on demand. */
export const useTimeline = (id: string) => useInfiniteQuery(timelineOptions(id));

/** Fetches a conversation before it is opened. */
export function prefetchConversation(client: QueryClient, id: string): void {
  void client.prefetchInfiniteQuery(timelineOptions(id));
  void client.prefetchQuery({ queryKey: keys.one(id), queryFn: () => get<ConversationDetail>(`/conversations/${id}`), staleTime: ALWAYS });
}

interface SearchQuery {
  q: string;
  limit: number;
  customers: number;
  companies: number;
  sort: 'best' | 'newest';
}

/** Conversations, and some customers where asked for, by words or a typed query. */
export const useSearch = (q: string, { limit = 50, customers = 0, companies = 0, sort = 'best' }: Partial<Omit<SearchQuery, 'q'>> = {}) =>
  useQuery({
    queryKey: ['search', q, limit, customers, companies, sort],
    queryFn: ({ signal }) => get<SearchResult>('/search', { query: { q, limit, customers, companies, sort }, signal }),
    enabled: q.trim().length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  });

export function useCreateConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: NewConversation) => post<Conversation>('/conversations', form),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.lists }),
  });
}

/** A status as a form names it. */
export const newStatus = (status: Status, custom: CustomStatusRef | null): NewStatus =>
  custom ? { kind: 'custom', custom_status_id: custom.id } : status.kind === 'resolved' ? { kind: 'resolved' } : status;

/** What the server will give a conversation that comes into a category, as far as it is known here. */
export const ownDefault = (client: QueryClient, kind: Status['kind']): CustomStatusRef | null =>
  defaultOf(client.getQueryData<CustomStatus[]>(['custom-statuses']) ?? [], kind);

export type Failure = (problem: Problem, id: string) => void;

/** The changes one can make to a conversation. Each shows at once and goes back by itself when the server refuses. */
export function conversationActions(client: QueryClient, failed: Failure) {
  const change = async (
    id: string,
    guess: (c: Conversation) => Conversation,
    send: (before: Conversation | undefined) => Promise<Conversation>,
  ): Promise<boolean> => {
    const before = findConversation(client, id);
    changeConversation(client, id, guess);
    try {
      takeConversation(client, await send(before));
      return true;
    } catch (error) {
      if (before) changeConversation(client, id, () => before);
      if (error instanceof Problem && error.current) takeConversation(client, error.current as Conversation);
      failed(error instanceof Problem ? error : new Problem('unknown', 0, String(error)), id);
      return false;
    }
  };
  return {
    /** With the status of the workspace's own inside it, or with the default of the category. */
    setStatus: (id: string, status: Status, custom: CustomStatusRef | null = null) =>
      change(
        id,
        (c) => ({ ...c, status, custom_status: custom ?? ownDefault(client, status.kind) }),
        () => put<Conversation>(`/conversations/${id}/status`, { status: newStatus(status, custom) }),
      ),
    patch: (id: string, form: ConversationPatch, guess: Partial<Conversation>) =>
      change(
        id,
        (c) => ({ ...c, ...guess }),
        () => patch<Conversation>(`/conversations/${id}`, form),
      ),
    setTags: (id: string, tags: Tag[]) =>
      change(
        id,
        (c) => ({ ...c, tags }),
        () => put<Conversation>(`/conversations/${id}/tags`, { tag_ids: tags.map((tag) => tag.id) }),
      ),
    /** `quietly`: the customer of a chat is not told. */
    markRead: async (id: string, read: boolean, quietly = false): Promise<void> => {
      changeConversation(client, id, (c) => ({ ...c, unread: !read }));
      // Losing this one is harmless: the next visit sends it again.
      await put(`/conversations/${id}/read`, { read, quietly }).catch(() => undefined);
    },
  };
}

/** Tells colleagues that one is here, or typing, and the customer of a chat too, unless it is a note. Ephemeral, so failures are silent. */
export const sendPresence = (id: string, typing: boolean, internal = false): void => {
  void post(`/conversations/${id}/presence`, { typing, internal }).catch(() => undefined);
};
