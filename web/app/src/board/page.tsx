import '../routing/routing.css';
import type { BoardAgent, BoardQueue, LiveBoard } from '@api';
import { Avatar, Button, Empty, Skeleton } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../form/use-title';
import { stopwatch } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { useBoard } from '../routing/queries';
import { useMay, useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { AgentChats } from './chats';

const percent = (part: number | null, language: string) =>
  part === null ? '–' : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(part);

/** What scrolls sideways is reached by the keyboard. */
const SCROLLS = { tabIndex: 0 } as const;

/** How the queues stand now and did today, and who is there. */
export default function BoardPage() {
  const { t } = useTranslation();
  const board = useBoard();
  useTitle(`${t('routing.board.title')} · ${useMe().workspace.name}`);
  return (
    <main className="col" id="main" tabIndex={-1}>
      <div className="hbar">
        <h1 className="grow">{t('routing.board.title')}</h1>
        {board.data ? <span className="small dim">{t('routing.board.today')}</span> : null}
      </div>
      <div className="scroll">
        {board.data ? (
          <Tables board={board.data} readAt={board.dataUpdatedAt} />
        ) : board.isError ? (
          <Broken error={board.error} onRetry={() => void board.refetch()} />
        ) : (
          <div className="board">
            <Skeleton />
          </div>
        )}
      </div>
    </main>
  );
}

function Tables({ board, readAt }: { board: LiveBoard; readAt: number }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  // By the server's clock: this machine's may stand differently.
  const serverNow = Date.parse(board.at) + Math.max(0, now - readAt);
  if (board.queues.length === 0)
    return (
      <Empty icon="chart" title={t('routing.queue.none')}>
        {t('routing.queue.none_hint')}
      </Empty>
    );
  return (
    <div className="board">
      <div className="board-part">
        <h2 id="board-queues">{t('routing.board.queues')}</h2>
        <section className="board-wide" {...SCROLLS} aria-labelledby="board-queues">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('routing.board.queue')}</th>
                {(['waiting', 'longest', 'online', 'offered', 'answered', 'level', 'mean', 'abandoned'] as const).map((one) => (
                  <th scope="col" className="r" key={one}>
                    {t(`routing.board.${one}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {board.queues.map((queue) => (
                <QueueRow key={queue.id} queue={queue} now={serverNow} />
              ))}
            </tbody>
          </table>
        </section>
      </div>
      <div className="board-part">
        <h2 id="board-agents">{t('routing.board.agents')}</h2>
        <section className="board-wide" {...SCROLLS} aria-labelledby="board-agents">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('routing.board.agent')}</th>
                <th scope="col">{t('routing.board.state')}</th>
                <th scope="col" className="r">
                  {t('routing.work.chat')}
                </th>
                <th scope="col" className="r">
                  {t('routing.work.mail')}
                </th>
              </tr>
            </thead>
            <tbody>
              {board.agents.map((agent) => (
                <AgentRow key={agent.id} agent={agent} now={serverNow} />
              ))}
            </tbody>
          </table>
        </section>
        {board.agents.length === 0 ? <p className="dim">{t('routing.board.nobody')}</p> : null}
      </div>
    </div>
  );
}

function QueueRow({ queue, now }: { queue: BoardQueue; now: number }) {
  const { t, i18n } = useTranslation();
  const longest = queue.longest_since ? (now - Date.parse(queue.longest_since)) / 1000 : null;
  return (
    <tr>
      <th scope="row">
        {queue.name}
        {queue.open ? '' : ` · ${t('routing.board.closed')}`}
      </th>
      <td className="r">
        {queue.waiting}
        {queue.calls > 0 ? <span className="dim"> · {t('routing.board.calls', { calls: queue.calls })}</span> : null}
      </td>
      <td className={longest !== null && longest > queue.answer_seconds ? 'r late' : 'r'}>{longest === null ? '–' : stopwatch(longest, i18n.language)}</td>
      <td className="r">{queue.online}</td>
      <td className="r">{queue.offered}</td>
      <td className="r">{queue.answered}</td>
      <td className="r" title={t('routing.board.level_hint', { when: stopwatch(queue.answer_seconds, i18n.language) })}>
        {percent(queue.service_level, i18n.language)}
      </td>
      <td className="r">{queue.average_answer_seconds === null ? '–' : stopwatch(queue.average_answer_seconds, i18n.language)}</td>
      <td className="r">{percent(queue.abandonment, i18n.language)}</td>
    </tr>
  );
}

function AgentRow({ agent, now }: { agent: BoardAgent; now: number }) {
  const { t } = useTranslation();
  const may = useMay('chat.supervise');
  const [open, setOpen] = useState(false);
  const format = useFormat();
  const load = (medium: 'chat' | 'mail') => (agent.on[medium] ? t('routing.board.load', { load: agent.load[medium], most: agent.capacity[medium] }) : '–');
  return (
    <>
      <tr>
        <th scope="row">
          <span className="board-who">
            <Avatar name={agent.name} seed={agent.id} size={24} />
            {may ? (
              <Button
                kind="link"
                aria-expanded={open}
                aria-label={t('routing.board.chats_of', { name: agent.name })}
                iconAfter={open ? 'up' : 'down'}
                onPress={() => setOpen(!open)}
              >
                {agent.name}
              </Button>
            ) : (
              agent.name
            )}
          </span>
        </th>
        <td>
          <span className="board-who">
            <span className="state-dot" data-state={agent.state} />
            {agent.reason ?? t(`routing.state.${agent.state}`)}
            <span className="dim small">{agent.because ? t(`routing.because.${agent.because}`) : format.ago(agent.since)}</span>
          </span>
        </td>
        <td className="r">{load('chat')}</td>
        <td className="r">{load('mail')}</td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={4} className="board-in">
            <AgentChats agent={agent.id} name={agent.name} now={now} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
