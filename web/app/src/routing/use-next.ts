import { toast } from '@ui';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { problemText } from '../shell/problem-text';
import { takeNext } from './queries';

/** Takes the next conversation that waits, and opens it. */
export function useTakeNext(): () => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useCallback(() => {
    takeNext().then(
      (id) => {
        if (id) void navigate(`/conversations/${id}`);
        else toast(t('work.command.next_none'));
      },
      (error: unknown) => toast(problemText(t, error)),
    );
  }, [t, navigate]);
}
