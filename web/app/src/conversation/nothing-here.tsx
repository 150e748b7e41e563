import { Button, Empty } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { pathOf } from '../shell/place';
import { useCounts } from './queries';
import { isSaved } from './views';

/** Where an empty list means something else than that all are answered. */
const OTHER = ['trash', 'spam', 'mentions', 'following', 'resolved', 'snoozed'];

/** What an empty list means, and where work may be left. */
export function NothingHere({ view, picture }: { view: string; picture?: ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const unassigned = useCounts().data?.unassigned ?? 0;
  const name = isSaved(view) ? 'view' : OTHER.includes(view) ? view : null;
  if (name)
    return (
      <Empty picture={picture} title={t(`app.empty.${name}`)}>
        {t(`app.empty.${name}_hint`)}
      </Empty>
    );
  const elsewhere = view === 'unassigned' ? 0 : unassigned;
  return (
    <Empty
      picture={picture}
      title={t('app.empty.answered')}
      action={
        elsewhere > 0 ? (
          <Button kind="primary" onPress={() => void navigate(pathOf({ view: 'unassigned' }))}>
            {t('app.empty.see_unassigned', { count: elsewhere })}
          </Button>
        ) : undefined
      }
    >
      {elsewhere > 0 ? t('app.empty.elsewhere', { count: elsewhere }) : t('app.empty.nobody')}
    </Empty>
  );
}
