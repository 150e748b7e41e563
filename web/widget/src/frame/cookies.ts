// Partitioned cookies as a shelf, for browsers that refuse frames any other. No request of ours needs them: the API takes the token
// as a bearer. They hold little (4 kB each, 10 kB in all); what does not fit is refused, as a full storage would.

export interface Shelf {
  get: (name: string) => string | null;
  /** Throws when it does not fit. */
  set: (name: string, value: string) => void;
  drop: (name: string) => void;
  names: () => string[];
}

const PART = 3000;
const MOST = 3;
const MONTHS = 60 * 60 * 24 * 180;

const encode = (text: string) =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
const decode = (code: string) => new TextDecoder().decode(Uint8Array.from(atob(code.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0)));

/** None where the page is no secure one, or cookies are off as well. */
export function cookies(page: { cookie: string }): Shelf | null {
  const all = () => new Map(page.cookie.split('; ').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const));
  const put = (name: string, part: number, value: string, age: number) => {
    page.cookie = `__Host-${name}~${part}=${value}; Path=/; Secure; SameSite=None; Partitioned; Max-Age=${age}`;
  };
  const get = (name: string) => {
    const here = all();
    let code = '';
    for (let part = 0; here.has(`__Host-${name}~${part}`); part++) code += here.get(`__Host-${name}~${part}`);
    try {
      return code ? decode(code) : null;
    } catch {
      return null;
    }
  };
  const drop = (name: string, from = 0) => {
    for (let part = from; part < MOST; part++) if (all().has(`__Host-${name}~${part}`)) put(name, part, '', 0);
  };
  const shelf: Shelf = {
    get,
    drop,
    set(name, value) {
      const code = encode(value);
      const parts = Math.ceil(code.length / PART);
      if (!code) return drop(name);
      if (parts > MOST) throw new Error('too long');
      for (let part = 0; part < parts; part++) put(name, part, code.slice(part * PART, (part + 1) * PART), MONTHS);
      drop(name, parts);
      if (get(name) !== value) throw new Error('refused');
    },
    names: () => [...all().keys()].filter((name) => name.startsWith('__Host-') && name.endsWith('~0')).map((name) => name.slice(7, -2)),
  };
  try {
    shelf.set('sonnim', '1');
    drop('sonnim');
    return shelf;
  } catch {
    return null;
  }
}
