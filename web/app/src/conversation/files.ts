import { type Attachment, apiUrl } from '@api';

/** To take a file. */
export const fileUrl = (one: Pick<Attachment, 'id'>): string => apiUrl(`/attachments/${one.id}`);
/** To show a file: the server says as what, and only what is safe. */
export const shownUrl = (one: Pick<Attachment, 'id'>): string => apiUrl(`/attachments/${one.id}`, { inline: 1 });

export type PreviewKind = 'picture' | 'pdf' | 'audio' | 'video' | 'text';

/** How a file can be looked at here; null when it can only be taken. */
export function previewKind(one: Pick<Attachment, 'previewable' | 'content_type'>): PreviewKind | null {
  if (!one.previewable) return null;
  if (/^image\/(png|jpe?g|gif|webp|avif)$/.test(one.content_type)) return 'picture';
  if (one.content_type === 'application/pdf') return 'pdf';
  if (one.content_type === 'text/plain') return 'text';
  if (one.content_type.startsWith('audio/')) return 'audio';
  return one.content_type.startsWith('video/') ? 'video' : null;
}
