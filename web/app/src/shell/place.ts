import { useMemo } from 'react';
import { useLocation } from 'react-router';

export interface Place {
  /** A view's key, or `search`. */
  view: string;
  id: string | null;
  q: string;
}

/** Where in the inbox a path is. */
export function placeOf(pathname: string, search: string): Place {
  const [, area, first, second] = pathname.split('/');
  const q = new URLSearchParams(search).get('q') ?? '';
  if (area === 'conversations' && first) return { view: 'all_open', id: first, q };
  if (area === 'inbox' && first) return { view: first, id: second ?? null, q };
  return { view: 'all_open', id: null, q };
}

export const pathOf = ({ view, id, q }: { view: string; id?: string | null; q?: string }): string =>
  `/inbox/${view}${id ? `/${id}` : ''}${view === 'search' && q ? `?q=${encodeURIComponent(q)}` : ''}`;

/** Where a conversation stands ready for paper. */
export const printPathOf = (id: string): string => `/conversations/${id}/print`;

export function usePlace(): Place {
  const { pathname, search } = useLocation();
  return useMemo(() => placeOf(pathname, search), [pathname, search]);
}
