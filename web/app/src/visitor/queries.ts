import { get, type InvitationCount, type List, type LiveVisitor, type Page, post, type VisitorDetail, type VisitorSite } from '@api';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { onVisitors } from '../chat/signs';

const LIVE = ['live-visitors'] as const;

/** Who is on the sites now. The stream says when to look again. */
export const useVisitors = (inbox: string | null) =>
  useInfiniteQuery({
    queryKey: [...LIVE, inbox],
    queryFn: ({ pageParam, signal }) =>
      get<Page<LiveVisitor>>('/visitors', { query: { inbox_id: inbox ?? undefined, cursor: pageParam ?? undefined, limit: 100 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // Who leaves without a word (a lost connection) is gone after a while.
    refetchInterval: 60_000,
  });

/** Sites on which one may look who is there; none where nobody wants to know. */
export const useSites = (enabled: boolean) =>
  useQuery({ queryKey: ['visitor-sites'], queryFn: () => get<List<VisitorSite>>('/visitors/sites').then((all) => all.items), enabled });

export const useVisitor = (id: string, enabled = true) =>
  useQuery({ queryKey: ['visitor', id], queryFn: ({ signal }) => get<VisitorDetail>(`/visitors/${id}`, { signal }), enabled });

export function useInvite(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => post<void>(`/visitors/${id}/invitation`, { text }),
    onSettled: () => client.invalidateQueries({ queryKey: LIVE }),
  });
}

export const useInvitationCounts = (inbox: string, enabled: boolean) =>
  useQuery({
    queryKey: ['invitation-counts', inbox],
    queryFn: () => get<List<InvitationCount>>(`/inboxes/${inbox}/widget/invitations`).then((all) => all.items),
    enabled,
  });

/** Visitors come and go all the time: looked at again so often at most, in ms. */
const AGAIN = 2_000;
let planned = false;

// The list of a site has changed: whoever has it on the screen looks again, soon and once.
onVisitors.moved = (client) => {
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    void client.invalidateQueries({ queryKey: LIVE });
    void client.invalidateQueries({ queryKey: ['visitor'] });
  }, AGAIN);
};
