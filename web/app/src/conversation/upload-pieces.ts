import { type Attachment, append, del, get, type NewUpload, Problem, post, type Upload } from '@api';

/** Larger files go in pieces. */
export const IN_PIECES = 5 * 1024 * 1024;
/** What is lost at most when the connection breaks in the middle of a piece and the server has kept none of it. */
const PIECE = 4 * 1024 * 1024;
/** Waits before another try of a piece, in ms; after the last one the caller decides. */
const TRIES = [500, 1_000, 2_000];

interface Way {
  /** What the server knows it by, when it has begun before. */
  known: string | null;
  onBegun: (id: string) => void;
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

const passes = (problem: Problem): boolean => problem.isOffline || problem.status === 408 || problem.status === 429 || problem.status >= 500;

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('aborted', 'AbortError'));
    });
  });

async function begin(file: File, { known, onBegun, signal }: Way): Promise<Upload> {
  if (known) {
    try {
      return await get<Upload>(`/uploads/${known}`, { signal });
    } catch (error) {
      // Forgotten meanwhile: from the beginning.
      if (!(error instanceof Problem) || error.status !== 404) throw error;
    }
  }
  const form: NewUpload = { filename: file.name, content_type: file.type || 'application/octet-stream', size: file.size };
  const begun = await post<Upload>('/uploads', form, { signal });
  onBegun(begun.id);
  return begun;
}

/** Sends a file in pieces, from where the server has it. A broken connection is tried again a few times. */
export async function uploadInPieces(file: File, way: Way): Promise<Attachment> {
  const { onProgress, signal } = way;
  let state = await begin(file, way);
  let tried = 0;
  for (;;) {
    if (state.attachment) return state.attachment;
    onProgress(state.offset / file.size);
    const { id, offset } = state;
    try {
      const piece = file.slice(offset, offset + PIECE);
      state = await append<Upload>(`/uploads/${id}`, piece, offset, (sent) => onProgress((offset + sent) / file.size), signal);
      tried = 0;
    } catch (error) {
      if (signal.aborted || !(error instanceof Problem)) throw error;
      const elsewhere = error.code === 'offset_elsewhere';
      const wait = TRIES[tried];
      if (wait === undefined || !(elsewhere || passes(error) || error.code === 'malformed')) throw error;
      tried += 1;
      if (!elsewhere) await pause(wait, signal);
      // Of a piece that broke off, the server has kept what came.
      state = await get<Upload>(`/uploads/${id}`, { signal }).catch((lost: unknown) => {
        if (lost instanceof Problem && passes(lost)) return state;
        throw lost;
      });
    }
  }
}

/** Gives one up. What the server cannot be told now, it forgets by itself. */
export const giveUp = (id: string): Promise<void> => del(`/uploads/${id}`).catch(() => undefined);
