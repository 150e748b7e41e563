/** A large file on its way, kept on this device until it has arrived: a page that is loaded anew goes on with it. */
export interface KeptUpload {
  key: string;
  /** Whose, and for which conversation. */
  place: string;
  file: File;
  /** What the server knows it by, once it has begun. */
  upload: string | null;
  /** It stands in the text. */
  inline: boolean;
  at: number;
}

const STORE = 'files';
/** The server forgets it then. */
const LASTS = 24 * 3_600_000;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('sonnim-uploads', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'key' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const asked = work(db.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    db.close();
  }
}

/** Keeps one. Where there is no room for it, it goes on while this page is open. */
export const keepUpload = (one: KeptUpload): Promise<void> =>
  run('readwrite', (store) => store.put(one)).then(
    () => undefined,
    () => undefined,
  );

export const forgetUpload = (key: string): Promise<void> =>
  run('readwrite', (store) => store.delete(key)).then(
    () => undefined,
    () => undefined,
  );

/** What a place has under way; what is too old is forgotten. */
export async function keptUploads(place: string, now: number): Promise<KeptUpload[]> {
  const all = await run<KeptUpload[]>('readonly', (store) => store.getAll()).catch(() => []);
  for (const one of all) if (one.at < now - LASTS) void forgetUpload(one.key);
  return all.filter((one) => one.place === place && one.at >= now - LASTS);
}

/** Forgets everything of an agent on this device. */
export async function forgetUploads(agent: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  const all = await run<KeptUpload[]>('readonly', (store) => store.getAll()).catch(() => []);
  await Promise.all(all.filter((one) => one.place.startsWith(`${agent}.`)).map((one) => forgetUpload(one.key)));
}
