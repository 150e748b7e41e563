import { get, post, put, type Widget, type WidgetSecret, type WidgetSettings } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const key = (inbox: string) => ['widget', inbox];

export const useWidget = (inbox: string) => useQuery({ queryKey: key(inbox), queryFn: () => get<Widget>(`/inboxes/${inbox}/widget`) });

/** Saves the whole; the first time makes the widget. */
export function useSaveWidget(inbox: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ settings, version }: { settings: WidgetSettings; version: number }) =>
      put<Widget>(`/inboxes/${inbox}/widget`, settings, { version: version > 0 ? version : undefined }),
    onSuccess: (widget) => client.setQueryData(key(inbox), widget),
  });
}

/** Makes a new secret; the old one proves nothing any more. */
export function useRotateSecret(inbox: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<WidgetSecret>(`/inboxes/${inbox}/widget/secret`, {}),
    onSuccess: () => void client.invalidateQueries({ queryKey: key(inbox) }),
  });
}
