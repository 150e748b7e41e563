// Requests to our own origin, as the visitor.
import type { FileRef } from './types';

const key = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const BASE = `/api/v1/widget/${encodeURIComponent(key)}`;

export { key as widgetKey };

/** What the server refused, or that it was not reached (`status` 0). */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail = '',
    /** Seconds. */
    readonly after = 0,
  ) {
    super(`${status} ${code}`);
  }
  /** The same request may do better later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'in_progress';
  }
}

let token: string | null = null;
/** Who we are just now. */
export const tokenNow = () => token;
export const setToken = (value: string | null) => {
  token = value;
};

const headersOf = (more: Record<string, string> = {}): Record<string, string> => ({ ...more, ...(token ? { authorization: `Bearer ${token}` } : {}) });

async function refusalOf(response: Response): Promise<Refusal> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; errors?: { detail: string }[] };
  return new Refusal(
    problem.code ?? 'failed',
    response.status,
    problem.errors?.[0]?.detail ?? problem.detail,
    Number(response.headers.get('retry-after')) || 0,
  );
}

export interface Options {
  body?: unknown;
  /** Sent as Idempotency-Key. */
  once?: string;
  signal?: AbortSignal;
  keepalive?: boolean;
}

/** The answer as it came, for streams and files. */
export async function ask(method: string, path: string, { body, once, signal, keepalive }: Options = {}): Promise<Response> {
  const headers = headersOf(body === undefined ? {} : { 'content-type': 'application/json' });
  if (once) headers['idempotency-key'] = once;
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      keepalive,
      credentials: 'omit',
    });
  } catch {
    throw new Refusal('offline', 0);
  }
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/** One request; gives the JSON that came back, nothing for 204. Gives up after half a minute: the line may be dead. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await ask(method, path, { signal: AbortSignal.timeout(30_000), ...options });
  return (response.status === 204 ? undefined : await response.json().catch(() => Promise.reject(new Refusal('offline', 0)))) as T;
}

/** Sends a file and tells how much of it has left, from 0 to 1. */
export function upload(file: File, onSent: (part: number) => void, signal: AbortSignal): Promise<FileRef> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${BASE}/uploads?filename=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(headersOf({ 'content-type': file.type || 'application/octet-stream', 'idempotency-key': crypto.randomUUID() })))
      request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onSent(total ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) {
        const { id, filename, size, content_type } = JSON.parse(request.responseText) as { id: string; filename: string; size: number; content_type: string };
        return resolve({ id, name: filename, size, content_type, inline: false });
      }
      void refusalOf(
        new Response(request.responseText, { status: request.status, headers: { 'retry-after': request.getResponseHeader('retry-after') ?? '' } }),
      ).then(reject);
    };
    request.onerror = () => reject(new Refusal('offline', 0));
    request.onabort = () => reject(new Refusal('aborted', 0));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
