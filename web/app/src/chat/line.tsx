import './chat.css';
import type { ConversationChat, ConversationDetail } from '@api';
import { Button, Icon, Menu, toast } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useMay, useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { CallbackLine } from './callback-line';
import { useBeGuest, useEndChat, useGreet, useResume } from './queries';
import { useSigns } from './state';
import { WaitTimer } from './timer';
import { useWatch } from './watch';

const HoldDialog = lazy(() => import('./hold-dialog'));
const InviteDialog = lazy(() => import('./invite-dialog'));

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
  const [dialog, setDialog] = useState<'hold' | 'invite' | null>(null);
  const me = useMe().agent.id;
  const watching = useWatch((s) => s.id === c.id);
  const guest = c.guests?.find((one) => one.agent.id === me);
  const here = (c.guests ?? []).filter((one) => one.joined_at && one.agent.id !== me).map((one) => one.agent.name);
  const be = useBeGuest(c.id);
  const greet = useGreet(c.id);
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
        {may && !over && !watching && c.greeting && !c.last_reply_at ? (
          <Button size="s" icon="chat" isPending={greet.isPending} aria-describedby={`greet-${c.id}`} onPress={() => greet.mutate(undefined, fail)}>
            {t('chat.greet')}
          </Button>
        ) : null}
        {may && !over && !watching ? (
          <Menu
            label={t('chat.more')}
            placement="top end"
            groups={[
              {
                id: 'chat',
                items: [
                  chat.hold
                    ? { id: 'resume', label: t('chat.resume'), icon: 'undo' as const, onAction: () => resume.mutate(undefined, fail) }
                    : { id: 'hold', label: t('chat.hold'), icon: 'clock' as const, onAction: () => setDialog('hold') },
                  { id: 'invite', label: t('chat.guest.invite'), icon: 'people' as const, onAction: () => setDialog('invite') },
                  ...(guest?.joined_at ? [{ id: 'leave', label: t('chat.guest.leave'), icon: 'out' as const, onAction: () => be.mutate(false, fail) }] : []),
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
      {here.length > 0 ? (
        <div className="chat-where">
          <Icon name="people" size={14} />
          <span className="t1">{t('chat.guest.here', { names: here.join(', ') })}</span>
        </div>
      ) : null}
      {guest && !guest.joined_at && !over ? (
        <div className="chat-where chat-ask" role="status">
          <Icon name="people" size={14} />
          <span className="grow">{t('chat.guest.asked', { name: guest.invited_by.name })}</span>
          <Button size="s" kind="quiet" onPress={() => be.mutate(false, fail)}>
            {t('chat.guest.decline')}
          </Button>
          <Button size="s" kind="primary" isPending={be.isPending} onPress={() => be.mutate(true, fail)}>
            {t('chat.guest.join')}
          </Button>
        </div>
      ) : null}
      {may && !over && !watching && c.greeting && !c.last_reply_at ? (
        <p className="chat-where" id={`greet-${c.id}`}>
          <Icon name="chat" size={14} />
          <span className="t1">{t('chat.greet_words', { words: c.greeting })}</span>
        </p>
      ) : null}
      {c.callback ? <CallbackLine id={c.id} callback={c.callback} may={may && !watching} /> : null}
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
      {dialog ? (
        <Suspense>
          {dialog === 'hold' ? (
            <HoldDialog id={c.id} name={name} onClose={() => setDialog(null)} />
          ) : (
            <InviteDialog conversation={c} onClose={() => setDialog(null)} />
          )}
        </Suspense>
      ) : null}
    </div>
  );
}
