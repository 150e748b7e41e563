import { Icon } from '@ui';
import { lazy, Suspense, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useMe } from '../session/queries';
import { useBadge } from './badge';
import { useNotifications } from './queries';

const Panel = lazy(() => import('./panel'));

/** The bell in the rail, with how many notifications are unread. */
export function Bell() {
  const { t } = useTranslation();
  const name = useMe().workspace.name;
  const unread = useNotifications().data?.unread ?? 0;
  const [open, setOpen] = useState(false);
  const bell = useRef<HTMLButtonElement>(null);
  useBadge(unread, name);
  return (
    <>
      <RawButton
        ref={bell}
        className="bell"
        aria-label={unread > 0 ? t('work.bell.unread', { count: unread }) : t('work.bell.label')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPress={() => setOpen(!open)}
      >
        <Icon name="bell" size={20} />
        <span className="rail-word">{t('work.bell.label')}</span>
        {unread > 0 ? <span className="badge" data-text={unread > 99 ? '99+' : unread} aria-hidden="true" /> : null}
      </RawButton>
      {open ? (
        <Suspense>
          <Panel trigger={bell} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
