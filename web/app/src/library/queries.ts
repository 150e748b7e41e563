import {
  del,
  type FilledReply,
  type Folder,
  get,
  type List,
  type Macro,
  type MacroPreview,
  type MacroRun,
  type MacroUndone,
  type Message,
  type NewMacro,
  type NewSavedReply,
  patch,
  post,
  put,
  type SavedReply,
  type SavedReplyItem,
  type Words,
} from '@api';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const ALWAYS = Number.POSITIVE_INFINITY;

/** Saved replies in sight, the most used first. */
export const useSavedReplies = (archived = false) =>
  useQuery({
    queryKey: ['saved-replies', 'list', archived],
    queryFn: () => get<List<SavedReplyItem>>('/saved-replies', { query: { archived } }).then((page) => page.items),
    staleTime: ALWAYS,
  });
export const useSavedReply = (id: string | null) =>
  useQuery({ queryKey: ['saved-replies', 'one', id], queryFn: () => get<SavedReply>(`/saved-replies/${id}`), enabled: Boolean(id) });
/** Macros in sight, the most used first. */
export const useMacros = (archived = false) =>
  useQuery({
    queryKey: ['macros', archived],
    queryFn: () => get<List<Macro>>('/macros', { query: { archived } }).then((page) => page.items),
    staleTime: ALWAYS,
  });
export const useFolders = () => useQuery({ queryKey: ['folders'], queryFn: () => get<List<Folder>>('/folders').then((page) => page.items), staleTime: ALWAYS });

export function useCreateFolder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post<Folder>('/folders', { name }),
    onSuccess: (folder) => client.setQueryData<Folder[]>(['folders'], (all) => [...(all ?? []), folder].sort((a, b) => a.name.localeCompare(b.name))),
  });
}

/** Folders stand in the names of cards too. */
const foldersChanged = (client: ReturnType<typeof useQueryClient>) => {
  for (const key of ['folders', 'saved-replies', 'macros']) void client.invalidateQueries({ queryKey: [key] });
};
export function useRenameFolder() {
  const client = useQueryClient();
  return useMutation({ mutationFn: ({ id, name }: Folder) => patch<Folder>(`/folders/${id}`, { name }), onSuccess: () => foldersChanged(client) });
}
export function useDeleteFolder() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/folders/${id}`), onSuccess: () => foldersChanged(client) });
}

/** Makes a saved reply, or changes the version one has seen. */
export function useSaveReply() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, ...form }: Partial<NewSavedReply> & { id?: string; version?: number; archived?: boolean }) =>
      id ? patch<SavedReply>(`/saved-replies/${id}`, form, version === undefined ? {} : { version }) : post<SavedReply>('/saved-replies', form),
    onSuccess: (reply) => {
      client.setQueryData(['saved-replies', 'one', reply.id], reply);
      void client.invalidateQueries({ queryKey: ['saved-replies', 'list'] });
    },
  });
}
export function useSaveMacro() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, ...form }: Partial<NewMacro> & { id?: string; version?: number; archived?: boolean }) =>
      id ? patch<Macro>(`/macros/${id}`, form, version === undefined ? {} : { version }) : post<Macro>('/macros', form),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['macros'] }),
  });
}

/** A template filled in with made-up values: what an editor shows beside the field. */
export const useTemplatePreview = (html: string) =>
  useQuery({
    queryKey: ['template-preview', html],
    queryFn: () => post<Words>('/template-previews', { html }),
    enabled: html !== '',
    retry: false,
    staleTime: ALWAYS,
    placeholderData: keepPreviousData,
  });

/** How a saved reply would read in a conversation. Counts nothing. */
export const useReplyPreview = (id: string | null, conversation: string) =>
  useQuery({
    queryKey: ['saved-replies', 'preview', id, conversation],
    queryFn: () => post<FilledReply>(`/saved-replies/${id}/preview`, { conversation_id: conversation }),
    enabled: Boolean(id),
    staleTime: 30_000,
  });
export const insertReply = (id: string, conversation: string): Promise<FilledReply> =>
  post<FilledReply>(`/saved-replies/${id}/insert`, { conversation_id: conversation });

/** What a macro would do now. */
export const useMacroPreview = (id: string | null, conversation: string) =>
  useQuery({
    queryKey: ['macro-preview', id, conversation],
    queryFn: () => post<MacroPreview>(`/conversations/${conversation}/macros/${id}/preview`),
    enabled: Boolean(id),
    staleTime: 5_000,
  });
export const applyMacro = (id: string, conversation: string, key: string): Promise<MacroRun> =>
  post<MacroRun>(`/conversations/${conversation}/macros/${id}/apply`, { return_inserted: true }, { idempotencyKey: key });
export const undoMacro = (run: string): Promise<MacroUndone> => post<MacroUndone>(`/macro-runs/${run}/undo`);

/** Another time for a scheduled reply; `null` sends it now. */
export const reschedule = (message: string, at: Date | null): Promise<Message> =>
  put<Message>(`/messages/${message}/schedule`, { send_at: at?.toISOString() ?? null });
