import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../shell/clock';
import * as format from './format';

/** The formats of `format.ts` in the language in use, relative to a time that moves once a minute. */
export function useFormat() {
  const { i18n } = useTranslation();
  const now = useNow();
  const locale = i18n.language;
  return useMemo(
    () => ({
      locale,
      now,
      list: (at: string) => format.listTime(at, now, locale),
      thread: (at: string) => format.threadTime(at, now, locale),
      exact: (at: string) => format.exactTime(at, locale),
      clock: (at: string | Date) => format.clock(at, locale),
      day: (at: string) => format.dayOf(at, locale),
      full: (at: Date) => format.fullTime(at, locale),
      coming: (at: string | Date) => format.comingTime(at, now, locale),
      ago: (at: string) => format.ago(at, now, locale),
      size: (bytes: number) => format.fileSize(bytes, locale),
      count: (n: number) => format.count(n, locale),
      names: (list: readonly string[]) => format.names(list, locale),
    }),
    [locale, now],
  );
}
