import './chat.css';
import type { Conversation } from '@api';
import { Avatar, Icon } from '@ui';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { pathOf, usePlace } from '../shell/place';
import { useMyChats } from './queries';
import { useSigns } from './state';
import { WaitTimer } from './timer';

/** As many have a key. */
const KEYED = 9;

/** The reader's open chats side by side: who waits, who writes, and one key to each. Only there with a chat in hand. */
export default function ChatStrip() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const chats = useMyChats(true).data ?? [];
  const ids = chats.map((one) => one.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order of chats is another set of keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const at = /^Digit([1-9])$/.exec(event.code)?.[1];
      const chat = at ? chats[Number(at) - 1] : undefined;
      if (!chat) return;
      event.preventDefault();
      void navigate(pathOf({ view: place.view, id: chat.id }));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [ids, navigate, place.view]);
  if (chats.length === 0 || (chats.length === 1 && chats[0]?.id === place.id)) return null;
  return (
    <nav className="chat-strip" aria-label={t('chat.mine')}>
      {chats.map((chat, at) => (
        <ChatTab key={chat.id} chat={chat} at={at} view={place.view} isOpen={chat.id === place.id} />
      ))}
    </nav>
  );
}

function ChatTab({ chat, at, view, isOpen }: { chat: Conversation; at: number; view: string; isOpen: boolean }) {
  const { t } = useTranslation();
  const typing = useSigns((s) => chat.id in s.typing);
  const name = chat.customer.name || t('app.no_name');
  return (
    <Link
      to={pathOf({ view, id: chat.id })}
      aria-current={isOpen ? 'page' : undefined}
      aria-keyshortcuts={at < KEYED ? `Alt+${at + 1}` : undefined}
      data-unread={chat.unread || undefined}
    >
      <Avatar name={name} seed={chat.customer.id} size={20} />
      <span className="t1">{name}</span>
      {chat.unread ? <span className="sr">{t('app.unread')}</span> : null}
      {typing ? <Icon name="pen" size={13} /> : null}
      {chat.chat?.hold ? <Icon name="clock" size={13} /> : null}
      {chat.waiting_since ? <WaitTimer since={chat.waiting_since} /> : null}
    </Link>
  );
}
