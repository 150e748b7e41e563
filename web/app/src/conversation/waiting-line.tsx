import { Problem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Icon } from '@ui';
import { useTranslation } from 'react-i18next';
import { problemText } from '../shell/problem-text';
import { insist, useOutbox } from './outbox';
import { takeBack } from './use-outbox';

/** How it stands with a message that has not reached the server. */
export function WaitingLine({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const one = useOutbox((s) => s.items.find((item) => item.id === id));
  if (!one || one.state === 'sending')
    return (
      <div className="foot">
        <Icon name="busy" size={14} className="spin" />
        {t('app.delivery.sending')}
      </div>
    );
  if (one.state === 'waiting')
    return (
      <div className="foot">
        <Icon name="offline" size={14} />
        {t('app.outbox.waiting')}
        <Button size="s" onPress={() => takeBack(client, one)}>
          {t('app.outbox.take_back')}
        </Button>
      </div>
    );
  const problem = one.problem && new Problem(one.problem.code, one.problem.status, one.problem.detail);
  return (
    <div className="foot" data-tone="bad" role="alert">
      <Icon name="alert" size={14} />
      <span>
        <b className="strong">{t('app.outbox.refused')}</b> {problemText(t, problem)}
      </span>
      <Button size="s" onPress={() => takeBack(client, one)}>
        {t('app.outbox.edit')}
      </Button>
      <Button size="s" onPress={() => insist(one.key)}>
        {t('app.warn.sure')}
      </Button>
    </div>
  );
}
