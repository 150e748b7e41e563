// Words of agents, drawn from an allow-list. The server has cleaned them already; here they are built anew node by node, so that
// nothing but these elements and attributes can come out, whatever came in.
import { type ComponentChildren, h } from 'preact';
import { useMemo } from 'preact/hooks';

const TAGS = new Set([
  'p',
  'br',
  'div',
  'span',
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'ul',
  'ol',
  'li',
  'blockquote',
  'code',
  'pre',
  'table',
  'tbody',
  'thead',
  'tr',
  'td',
  'th',
  'h1',
  'h2',
  'h3',
  'hr',
]);
const GONE = new Set(['script', 'style', 'template', 'svg', 'math', 'iframe', 'object', 'noscript', 'title']);

/** An address that one may be led to; nothing for anything else. */
export function safeHref(href: string | null): string | null {
  try {
    const url = new URL(href ?? '');
    return ['https:', 'http:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function anchor(href: string, children: ComponentChildren) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

type Picture = (file: string, alt: string) => ComponentChildren;

const draw = (nodes: Iterable<Node>, picture: Picture): ComponentChildren[] =>
  [...nodes].map((node) => {
    if (node.nodeType === 3) return node.textContent;
    if (node.nodeType !== 1) return null;
    const element = node as Element;
    const tag = element.localName;
    if (GONE.has(tag)) return null;
    const file = tag === 'img' && element.getAttribute('data-file');
    if (file) return picture(file, element.getAttribute('alt') ?? '');
    const children = draw(element.childNodes, picture);
    if (tag === 'a') {
      const href = safeHref(element.getAttribute('href'));
      return href ? anchor(href, children) : children;
    }
    return TAGS.has(tag) ? h(tag, null, tag === 'br' || tag === 'hr' ? undefined : children) : children;
  });

/** Rich text of an agent; `picture` draws one of the message's own files where the text has it. */
export function Rich({ html, picture }: { html: string; picture: Picture }) {
  const drawn = useMemo(() => draw(new DOMParser().parseFromString(html, 'text/html').body.childNodes, picture), [html, picture]);
  return <div class="rich">{drawn}</div>;
}

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}。、！？」』]/g;

/** Text as it was typed, with its addresses as links. */
export function Plain({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const href = safeHref(match[0]);
    if (!href) continue;
    parts.push(text.slice(from, match.index), anchor(href, match[0]));
    from = match.index + match[0].length;
  }
  return (
    <div class="plain">
      {parts}
      {text.slice(from)}
    </div>
  );
}
