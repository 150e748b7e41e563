const MENTIONS = [/\battach(ed|ment|ments|ing)?\b/i, /\benclosed\b/i, /첨부/, /동봉/];

/** The words of a message without its quoted lines, from its HTML. */
export const plainText = (html: string): string =>
  html
    .replace(/<blockquote[\s\S]*?<\/blockquote>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether a text speaks of an attachment that is not there. */
export const forgotAttachment = (html: string, attachments: number): boolean => attachments === 0 && MENTIONS.some((mention) => mention.test(plainText(html)));

const INTERNAL = [
  /\b(internal only|do not (send|share|tell)|don['’]t (tell|share with) the customer|note to self|fyi team)\b/i,
  /\bTODO\b/,
  /내부\s?(용|메모|공유)/,
  /(고객|손님)에게(는)? (말하지|알리지|보내지|공유하지)/,
];

/** Whether a public reply holds words that sound meant for the team only. */
export const internalWords = (html: string): boolean => INTERNAL.some((mention) => mention.test(plainText(html)));

/** Whether a greeting lost its name: "Dear ," or "Hi !". */
export const emptyGreeting = (html: string): boolean => /^(dear|hi|hello)\s*[,!]/i.test(plainText(html)) || /^님[,!\s]/.test(plainText(html));
