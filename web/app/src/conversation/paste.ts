const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

/** Whether a file can stand in the text of a mail. */
export const isPicture = (file: File): boolean => PICTURE.test(file.type);

/**
 * Whether the pictures in a clipboard are what was meant. Office programs put a picture of the text beside the text, and browsers
 * the address of a picture beside the picture.
 */
export function picturesMeant(html: string): boolean {
  if (!html) return true;
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  return !body.textContent?.trim() && !body.querySelector('table');
}

/**
 * Pasted HTML with only such pictures as we can send: those it holds as data (uploaded through `place`, which names each), and
 * those that were cut out of this editor. The address of a picture elsewhere would be a beacon, or nothing, to the reader.
 */
export function ownPictures(html: string, place: (file: File) => string): string {
  if (!/<img\b/i.test(html)) return html;
  const own = html.includes('data-pm-slice');
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  for (const image of body.querySelectorAll('img')) {
    const src = image.getAttribute('src') ?? '';
    if (own && (image.dataset.upload || src.startsWith('/api/'))) continue;
    const file = pictureOfData(src, image.alt);
    if (!file) image.remove();
    else {
      image.dataset.upload = place(file);
      image.src = URL.createObjectURL(file);
    }
  }
  return body.innerHTML;
}

/** The file that a `data:` address holds, when it is a picture. */
export function pictureOfData(src: string, name: string): File | null {
  const [, type, data] = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)$/.exec(src) ?? [];
  if (!type || !data) return null;
  try {
    const bytes = Uint8Array.from(atob(data.replace(/\s/g, '')), (c) => c.charCodeAt(0));
    return new File([bytes], `${name || 'picture'}.${type.slice(6)}`, { type });
  } catch {
    return null;
  }
}
