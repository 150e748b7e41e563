import { useEffect } from 'react';

let plain: string | null = null;

/** The mark with a dot in its corner, as an address for the favicon. */
async function dotted(href: string): Promise<string | null> {
  const size = 64;
  const image = new Image();
  image.src = href;
  try {
    await image.decode();
  } catch {
    return null;
  }
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.drawImage(image, 0, 0, size, size);
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--danger-solid').trim() || 'red';
  pen.beginPath();
  pen.arc(size - 18, 18, 16, 0, 2 * Math.PI);
  pen.fill();
  return canvas.toDataURL('image/png');
}

/** Tells in the window's title and icon how many notifications are unread. */
export function useBadge(unread: number, name: string): void {
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name;
  }, [unread, name]);
  const some = unread > 0;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (!link) return;
    plain ??= link.href;
    if (!some) {
      if (link.href !== plain) link.href = plain;
      return;
    }
    let gone = false;
    void dotted(plain).then((href) => {
      if (href && !gone) link.href = href;
    });
    return () => {
      gone = true;
    };
  }, [some]);
}
