import './chat.css';
import type { ConversationChat, ConversationDetail } from '@api';
import { Button, Icon, Menu, toast } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useEndChat, useResume } from './queries';
import { useSigns } from './state';
import { WaitTimer } from './timer';

const HoldDialog = lazy(() => import('./hold-dialog'));

/** Without the scheme, and no longer than a line. */
const shortUrl = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');

/** Where the customer of a chat is, what they write, and what one can do with a chat besides answering. */
export default function ChatLine({ conversation: c }: { conversation: ConversationDetail & { chat: ConversationChat } }) {
  const { t } = useTranslation();
  const format = useFormat();
  const chat = c.chat;
  const may = useMay('conversation.reply');
  const typing = useSigns((s) => s.typing[c.id]);
  const resume = useResume(c.id);
  const end = useEndChat(c.id);
  const [holding, setHolding] = useState(false);
  const name = c.customer.name || t('app.no_name');
  const fail = { onError: (error: unknown) => toast(problemText(t, error)) };
  const page = chat.visitor.page;
  const over = chat.state === 'ended';
  const where = over
    ? t('chat.ended')
    : chat.by_mail
      ? t('chat.by_mail', { address: chat.mail ?? '' })
      : chat.visitor.online
        ? t('chat.online')
        : chat.mail
          ? t('chat.away_mail', { address: chat.mail })
          : t('chat.away');
  return (
    <div className="chat-line">
      <div className="chat-where">
        <span className="chat-dot" data-on={chat.visitor.online && !over ? 'yes' : 'no'} />
        <span className="t1">{where}</span>
        {page && chat.visitor.online && !over ? (
          <a className="chat-page t1" href={page.url} target="_blank" rel="noopener noreferrer nofollow" title={page.url}>
            {page.title || shortUrl(page.url)}
          </a>
        ) : null}
        <span className="grow" />
        {chat.hold ? (
          <span className="chat-hold">
            <Icon name="clock" size={13} />
            {t('chat.on_hold', { when: format.clock(chat.hold.until) })}
          </span>
        ) : null}
        {c.waiting_since && !over ? (
          <>
            <span className="sr">{t('chat.waits_since', { when: format.clock(c.waiting_since) })}</span>
            <WaitTimer since={c.waiting_since} />
          </>
        ) : null}
        {may && !over ? (
          <Menu
            label={t('chat.more')}
            placement="top end"
            groups={[
              {
                id: 'chat',
                items: [
                  chat.hold
                    ? { id: 'resume', label: t('chat.resume'), icon: 'undo' as const, onAction: () => resume.mutate(undefined, fail) }
                    : { id: 'hold', label: t('chat.hold'), icon: 'clock' as const, onAction: () => setHolding(true) },
                  { id: 'end', label: t('chat.end'), icon: 'check' as const, onAction: () => end.mutate(undefined, fail) },
                ],
              },
            ]}
          >
            <Button kind="quiet" size="s" iconAfter="down">
              {t('chat.title')}
            </Button>
          </Menu>
        ) : null}
      </div>
      <div className="chat-typing" role="status">
        {typing && !over ? (
          <>
            <span className="chat-dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span>{typing.text ? t('chat.writes_words', { name, words: typing.text }) : t('chat.writes', { name })}</span>
          </>
        ) : null}
      </div>
      {holding ? (
        <Suspense>
          <HoldDialog id={c.id} name={name} onClose={() => setHolding(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
