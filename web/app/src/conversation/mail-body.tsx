import { apiUrl } from '@api';
import { useLayoutEffect, useMemo, useRef } from 'react';
import styles from './mail.css?inline';

let sheet: CSSStyleSheet | undefined;
function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}

const BANNED = 'script, style, iframe, frame, object, embed, form, input, button, link, meta, base, svg, math, template';

/** How many pictures a mail wants to fetch from elsewhere. */
export const remoteImages = (html: string): number => html.match(/data-remote-src=/g)?.length ?? 0;

/**
 * The server has sanitised the HTML already. Here it is taken apart once more without running anything, its links open
 * elsewhere without a referrer, and pictures from elsewhere stay out until someone asks for them.
 */
function prepare(html: string, showImages: boolean): HTMLElement {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  for (const element of body.querySelectorAll(BANNED)) element.remove();
  let coloured = false;
  for (const element of body.querySelectorAll('*')) {
    for (const attribute of [...element.attributes]) {
      const name = attribute.name.toLowerCase();
      if (name.startsWith('on') || (/^(href|src|action|formaction)$/.test(name) && /^\s*(javascript|data:text|vbscript)/i.test(attribute.value)))
        element.removeAttribute(attribute.name);
    }
    const style = element.getAttribute('style') ?? '';
    if (/background|(^|[;\s])color\s*:/i.test(style) || element.hasAttribute('bgcolor') || (element.tagName === 'FONT' && element.hasAttribute('color')))
      coloured = true;
  }
  for (const link of body.querySelectorAll('a[href]')) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  for (const image of body.querySelectorAll('img')) {
    const remote = image.getAttribute('data-remote-src');
    image.setAttribute('referrerpolicy', 'no-referrer');
    image.setAttribute('loading', 'lazy');
    if (remote && showImages && /^https?:/i.test(remote)) image.setAttribute('src', remote);
    else if (!image.getAttribute('src')?.startsWith(apiUrl('/attachments/'))) image.removeAttribute('src');
    else image.setAttribute('src', `${image.getAttribute('src')?.split('?')[0]}?inline=1`);
  }
  const box = document.createElement('div');
  box.className = 'mail';
  if (coloured) box.dataset.paper = '';
  box.append(...body.childNodes);
  return box;
}

/** The HTML of one message in a world of its own: its styles cannot reach the app, nor the app's classes it. */
export function MailBody({ html, showImages, lang }: { html: string; showImages: boolean; lang?: string }) {
  const host = useRef<HTMLDivElement>(null);
  const content = useMemo(() => prepare(html, showImages), [html, showImages]);
  useLayoutEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    root.replaceChildren(content);
  }, [content]);
  return <div ref={host} className="txt" lang={lang} />;
}
