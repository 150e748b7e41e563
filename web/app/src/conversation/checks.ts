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

/** Whether a greeting lost its name: "Dear ," or "Hi !". */
export const emptyGreeting = (html: string): boolean => /^(dear|hi|hello)\s*[,!]/i.test(plainText(html)) || /^님[,!\s]/.test(plainText(html));
