import { useQueryClient } from '@tanstack/react-query';
import { Button, Empty, Icon, IconButton, type IconName, toast } from '@ui';
import type { RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { joinChat, MY_CHATS } from '../chat/queries';
import { useFormat } from '../i18n/use-format';
import { Broken } from '../shell/broken';
import { problemText } from '../shell/problem-text';
import { usePhone } from '../shell/use-media';
import { readNotifications, useNotifications } from './queries';
import { notificationText, type TOLD } from './words';

const ICONS: Record<(typeof TOLD)[number], IconName> = {
  assigned: 'person',
  mention: 'at',
  customer_message: 'mail',
  colleague: 'reply',
  snooze_ended: 'snooze',
  due: 'clock',
  reminder: 'bell',
  new_unassigned: 'inbox',
  offered: 'moveto',
  invited: 'people',
  whispered: 'lock',
  taken_over: 'person',
};

/** What happened that concerns one, newest first. */
export default function Panel({ trigger, onClose }: { trigger: RefObject<HTMLButtonElement | null>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phone = usePhone();
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = useNotifications();
  const items = list.data?.items ?? [];
  const newest = items[0];
  return (
    <Popover className="pop" placement={phone ? 'top' : 'right top'} offset={8} triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()}>
      <Dialog className="notices" aria-label={t('work.bell.label')}>
        <header className="notices-hd">
          <h2 className="grow">{t('work.bell.label')}</h2>
          <Button
            kind="quiet"
            size="s"
            isDisabled={(list.data?.unread ?? 0) === 0}
            onPress={() => newest && void readNotifications(client, { conversation_id: null, until: newest.id })}
          >
            {t('work.bell.read_all')}
          </Button>
          <IconButton
            icon="gear"
            size="s"
            label={t('work.bell.settings')}
            onPress={() => {
              onClose();
              void navigate('/settings/notifications');
            }}
          />
        </header>
        {list.isError && items.length === 0 ? <Broken error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isSuccess && items.length === 0 ? (
          <Empty icon="bell" title={t('work.bell.none')}>
            {t('work.bell.none_hint')}
          </Empty>
        ) : null}
        <ul className="notices-in">
          {items.map((n) => (
            <li key={n.id} data-unread={n.read_at === null || undefined}>
              <Link
                to={`/conversations/${n.conversation.id}`}
                onClick={() => {
                  if (n.read_at === null) void readNotifications(client, { conversation_id: n.conversation.id, until: null });
                  onClose();
                }}
              >
                <Icon name={ICONS[n.kind]} />
                <span className="grow">
                  <span className="t2 what">{notificationText(t, n.kind, n.actor.name)}</span>
                  {n.words ? <span className="t2 small">{n.words}</span> : null}
                  <span className="t1 small dim">{`#${n.conversation.number} ${n.conversation.subject || t('app.no_subject')}`}</span>
                </span>
                <time className="small faint" dateTime={n.at} title={format.exact(n.at)}>
                  {format.thread(n.at)}
                </time>
                {n.read_at === null ? <span className="sr">{t('app.unread')}</span> : null}
              </Link>
              {n.kind === 'invited' && n.read_at === null ? (
                <Button
                  size="s"
                  kind="primary"
                  onPress={() => {
                    joinChat(n.conversation.id).then(
                      () => void client.invalidateQueries({ queryKey: MY_CHATS }),
                      (error: unknown) => toast(problemText(t, error)),
                    );
                    void readNotifications(client, { conversation_id: n.conversation.id, until: null });
                    onClose();
                    void navigate(`/conversations/${n.conversation.id}`);
                  }}
                >
                  {t('work.join')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </Dialog>
    </Popover>
  );
}
