import type { Action, NewBulkAction } from '@api';
import { toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { problemText } from '../shell/problem-text';
import { beginBulk } from './queries';
import { useBulk } from './selection';

/** Begins a bulk action with what is picked, and lets go of the pick. */
export function useBegin(): (target: Omit<NewBulkAction, 'actions'>, actions: Action[]) => void {
  const { t } = useTranslation();
  return (target, actions) => {
    beginBulk({ ...target, actions }).then(
      (bulk) => {
        useBulk.getState().clear();
        useBulk.getState().watch(bulk.id);
      },
      (error: unknown) => toast(problemText(t, error)),
    );
  };
}
