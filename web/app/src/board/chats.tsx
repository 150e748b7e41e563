import type { AgentChat } from '@api';
import { Button, Skeleton, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWatch } from '../chat/watch';
import { stopwatch } from '../i18n/format';
import { beginWatch, useChatsOf } from '../routing/queries';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';

/** The chats that an agent has now, and the way to watch one. */
export function AgentChats({ agent, name, now }: { agent: string; name: string; now: number }) {
  const { t } = useTranslation();
  const chats = useChatsOf(agent);
  if (chats.isError && !chats.data) return <p className="dim">{problemText(t, chats.error)}</p>;
  if (!chats.data) return <Skeleton width="40%" />;
  if (chats.data.length === 0) return <p className="dim small">{t('routing.board.no_chats', { name })}</p>;
  return (
    <ul className="board-chats">
      {chats.data.map((chat) => (
        <Chat key={chat.conversation.id} chat={chat} agent={agent} now={now} />
      ))}
    </ul>
  );
}

function Chat({ chat, agent, now }: { chat: AgentChat; agent: string; now: number }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().agent.id;
  const c = chat.conversation;
  const last = c.last_customer_message_at;
  const name = c.customer.name || t('app.no_name');
  const open = () => {
    if (agent === me) return void navigate(`/conversations/${c.id}`);
    beginWatch(c.id).then(
      () => {
        useWatch.getState().watch(c.id);
        void navigate(`/conversations/${c.id}`);
      },
      (error: unknown) => toast(problemText(t, error)),
    );
  };
  return (
    <li>
      <span className="grow">
        <b className="t1">{name}</b>
        <span className="t1 small dim">{[chat.queue_name, c.subject].filter(Boolean).join(' · ')}</span>
      </span>
      {last ? (
        <span className="small dim num" title={t('routing.board.last_word')}>
          <span className="sr">{t('routing.board.last_word')} </span>
          {stopwatch(Math.max(0, now - Date.parse(last)) / 1000, i18n.language)}
        </span>
      ) : null}
      <Button size="s" icon="eye" aria-label={t(agent === me ? 'routing.board.open_of' : 'routing.board.watch_of', { name })} onPress={open}>
        {t(agent === me ? 'routing.board.open' : 'routing.board.watch')}
      </Button>
    </li>
  );
}
