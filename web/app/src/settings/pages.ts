import type { IconName } from '@ui';

export type PageId =
  | 'profile'
  | 'notifications'
  | 'sessions'
  | 'tokens'
  | 'workspace'
  | 'people'
  | 'teams'
  | 'queues'
  | 'skills'
  | 'inboxes'
  | 'tags'
  | 'statuses'
  | 'fields'
  | 'replies'
  | 'macros'
  | 'bulk'
  | 'blocked'
  | 'quarantine'
  | 'audit';
export type GroupId = 'you' | 'workspace' | 'admin';

export interface PageInfo {
  id: PageId;
  group: GroupId;
  icon: IconName;
  /** Who may open it; everyone when absent. */
  needs?: string;
}

/** Every settings page: where it stands and who may open it. */
export const PAGES: readonly PageInfo[] = [
  { id: 'profile', group: 'you', icon: 'person' },
  { id: 'notifications', group: 'you', icon: 'bell' },
  { id: 'sessions', group: 'you', icon: 'lock' },
  { id: 'tokens', group: 'you', icon: 'key', needs: 'token.manage' },
  { id: 'workspace', group: 'workspace', icon: 'home', needs: 'workspace.manage' },
  { id: 'people', group: 'workspace', icon: 'people' },
  { id: 'teams', group: 'workspace', icon: 'people' },
  { id: 'queues', group: 'workspace', icon: 'sort', needs: 'queue.manage' },
  { id: 'skills', group: 'workspace', icon: 'star', needs: 'queue.manage' },
  { id: 'inboxes', group: 'workspace', icon: 'mail', needs: 'inbox.manage' },
  { id: 'tags', group: 'workspace', icon: 'tag', needs: 'conversation.write' },
  { id: 'statuses', group: 'workspace', icon: 'circle', needs: 'workspace.manage' },
  { id: 'fields', group: 'workspace', icon: 'list', needs: 'workspace.manage' },
  { id: 'replies', group: 'workspace', icon: 'reply', needs: 'conversation.write' },
  { id: 'macros', group: 'workspace', icon: 'checks', needs: 'conversation.write' },
  { id: 'bulk', group: 'workspace', icon: 'checks', needs: 'conversation.write' },
  { id: 'blocked', group: 'workspace', icon: 'alert', needs: 'sender.block' },
  { id: 'quarantine', group: 'admin', icon: 'alert', needs: 'mail.quarantine' },
  { id: 'audit', group: 'admin', icon: 'list', needs: 'audit.read' },
];

export const GROUPS: readonly GroupId[] = ['you', 'workspace', 'admin'];

/** Pages whose title or words contain every word of the search. `textOf` gives a page's title and words. */
export function findPages(pages: readonly PageInfo[], search: string, textOf: (page: PageInfo) => string): readonly PageInfo[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? pages : pages.filter((page) => words.every((word) => textOf(page).toLocaleLowerCase().includes(word)));
}
