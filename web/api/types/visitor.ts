import type { ChatPage } from './chat';
import type { Time } from './common';

/** Something that is said of a visitor. */
export interface VisitorAttribute {
  name: string;
  value: string | number | boolean;
  /** It stood in a signed identity; otherwise it is what the page said. */
  proven: boolean;
}

export interface VisitorInvited {
  by: string;
  text: string;
  at: Time;
}

/** Somebody on the site. */
export interface LiveVisitor {
  id: string;
  inbox_id: string;
  /** Null where nobody knows it: then the number tells them apart. */
  name: string | null;
  number: number;
  customer_id: string | null;
  identified: boolean;
  here: boolean;
  locale: string;
  page: ChatPage | null;
  page_at: Time | null;
  began_at: Time | null;
  pages: number;
  /** Which visit it is; 1 is the first. */
  visits: number;
  attributes: VisitorAttribute[];
  conversation_id: string | null;
  /** Who has that chat. */
  agent: string | null;
  invited: VisitorInvited | null;
}

export interface VisitorStep {
  url: string;
  title: string;
  at: Time;
}

export interface VisitorEvent {
  name: string;
  attributes: VisitorAttribute[];
  at: Time;
}

export interface VisitorDetail {
  visitor: LiveVisitor;
  trail: VisitorStep[];
  events: VisitorEvent[];
}

/** An inbox whose widget tells who is on the site. */
export interface VisitorSite {
  inbox_id: string;
  name: string;
}

export interface VisitorInvitationForm {
  text: string;
}

/** How often an invitation was shown and answered. */
export interface InvitationCount {
  id: string;
  shown: number;
  answered: number;
}
