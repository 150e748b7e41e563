const MARK = 'sonnim.in_set_up';

/** Remembers, for this tab, that the way to the mail company began in the set-up. */
export const leaveSetUpMark = (): void => sessionStorage.setItem(MARK, 'yes');

/** Whether it did; forgets it. */
export function takeSetUpMark(): boolean {
  const there = sessionStorage.getItem(MARK) !== null;
  sessionStorage.removeItem(MARK);
  return there;
}
