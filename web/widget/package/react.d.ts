import type { Messenger, Options } from './index';

/** The messenger in a React app: loaded once, with the number of unread messages and whether it stands open. */
export function useSonnim(options: Options): Messenger & { unread: number; isOpen: boolean };
