import { Problem, problemOf } from './problem';

const BASE = '/api/v1';

export interface CallOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** Sent as Idempotency-Key, so that a repeated click or a retried request creates once. */
  idempotencyKey?: string;
  /** Sent as If-Match. */
  version?: number;
  signal?: AbortSignal;
  keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A path of the API with its query, for links and `src` attributes. */
export function apiUrl(path: string, query: CallOptions['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return BASE + path + (text ? `?${text}` : '');
}

const listeners = new Set<() => void>();
/** Calls back whenever the server says that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function announceSignedOut(): void {
  for (const listener of listeners) listener();
}

/** One call to the API. Resolves to the JSON body (`undefined` for 204), rejects with a [`Problem`]. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = options.idempotencyKey ?? crypto.randomUUID();
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      keepalive: options.keepalive,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('offline', 0, '');
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === 'not_signed_in') announceSignedOut();
    throw problem;
  }
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('GET', path, options);
export const post = <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> => call<T>('POST', path, { ...options, body });
export const put = <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> => call<T>('PUT', path, { ...options, body });
export const patch = <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> => call<T>('PATCH', path, { ...options, body });
export const del = <T = void>(path: string, options?: CallOptions): Promise<T> => call<T>('DELETE', path, options);

interface Sending {
  method: 'POST' | 'PATCH';
  path: string;
  query?: CallOptions['query'];
  headers: Record<string, string>;
  body: Blob;
  /** So many bytes have left. */
  onSent: (bytes: number) => void;
  signal?: AbortSignal;
}

/** Sends bytes. XMLHttpRequest, because fetch cannot tell how much has left. */
function sendBytes<T>({ method, path, query, headers, body, onSent, signal }: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, apiUrl(path, query));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onSent(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(JSON.parse(request.responseText) as T);
      void problemOf(new Response(request.responseText, { status: request.status || 500 })).then(reject);
    };
    request.onerror = () => reject(new Problem('offline', 0, ''));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** Uploads one file and reports progress from 0 to 1. */
export function upload<T>(path: string, file: File, query: CallOptions['query'], onProgress: (done: number) => void, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': file.type || 'application/octet-stream', 'idempotency-key': crypto.randomUUID() };
  const onSent = (bytes: number) => onProgress(file.size > 0 ? Math.min(1, bytes / file.size) : 1);
  return sendBytes<T>({ method: 'POST', path, query, headers, body: file, onSent, signal });
}

/** Appends a piece of a file at an offset, and reports how many of its bytes have left. */
export function append<T>(path: string, piece: Blob, offset: number, onSent: (bytes: number) => void, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/partial-upload', 'upload-offset': String(offset) };
  return sendBytes<T>({ method: 'PATCH', path, headers, body: piece, onSent, signal });
}
