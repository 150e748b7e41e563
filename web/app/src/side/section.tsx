import { memo } from 'react';
import './side.css';
import type { Conversation } from '@api';
import { Button, Chip, Icon } from '@ui';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { useSides } from './queries';
import { useSide } from './state';

/** The side conversations of a conversation, in its context. */
export const SideSection = memo(function SideSection({ conversationId, canBegin }: { conversationId: string; canBegin: boolean }) {
  const { t } = useTranslation();
  const may = useMay('conversation.reply') && canBegin;
  const sides = useSides(conversationId).data ?? [];
  const { show, write } = useSide.getState();
  if (sides.length === 0 && !may) return null;
  return (
    <section aria-label={t('work.side.title')}>
      <h3 className="ctx-h">
        <span>{t('work.side.title')}</span>
        {may ? (
          <Button kind="link" size="s" onPress={() => write({ parent: conversationId, forward: null })}>
            {t('work.side.begin_short')}
          </Button>
        ) : null}
      </h3>
      {sides.length === 0 ? <p className="small faint">{t('work.side.none')}</p> : null}
      {sides.map((side) => (
        <SideRow key={side.id} side={side} onOpen={() => show({ parent: conversationId, side: side.id })} />
      ))}
    </section>
  );
});

function SideRow({ side, onOpen }: { side: Conversation; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const who = side.customer.name || side.customer.email || t('app.no_name');
  return (
    <RawButton className="side-row" data-unread={side.unread || undefined} onPress={onOpen}>
      {side.unread ? <span className="dot" /> : <Icon name={side.status.kind === 'resolved' ? 'check' : 'message'} size={16} />}
      <span className="grow">
        <span className="t1 subj">
          {side.unread ? <span className="sr">{t('work.side.unread')} </span> : null}
          {side.subject || t('app.no_subject')}
        </span>
        <span className="t1 m">{[who, side.preview].filter(Boolean).join(' · ')}</span>
      </span>
      <span className="n">{side.status.kind === 'resolved' ? <Chip tone="ok">{t('work.side.done')}</Chip> : format.list(side.last_message_at)}</span>
    </RawButton>
  );
}
