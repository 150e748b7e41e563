/** Links that people make: related, or cases of the problem that a conversation is about. */
export interface LinkForm {
  kind: 'related' | 'problem';
  conversation_ids: string[];
}

/** What the customers of a problem's cases are told. */
export interface SolveForm {
  html?: string;
  saved_reply_id?: string;
  resolve: boolean;
}
