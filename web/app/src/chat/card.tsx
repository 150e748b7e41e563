import './chat.css';
import type { ConversationChat } from '@api';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { needArea } from '../i18n';

const VisitorFacts = lazy(() => Promise.all([import('../visitor/facts'), needArea('visitor')]).then(([facts]) => facts));

/** What is known of the customer of a chat because of the chat: who says so, which page, what was answered before it, and the rating. */
export default function ChatCard({ chat }: { chat: ConversationChat }) {
  const { t } = useTranslation();
  const page = chat.visitor.page ?? chat.page;
  const answers = Object.entries(chat.form);
  return (
    <section>
      <h3 className="ctx-h">{t('chat.title')}</h3>
      <dl className="details">
        <dt>{t('chat.who')}</dt>
        <dd>{t(chat.visitor.identified ? 'chat.proven' : 'chat.claimed')}</dd>
        {page ? (
          <>
            <dt>{t(chat.visitor.online && chat.visitor.page ? 'chat.page_now' : 'chat.page_begun')}</dt>
            <dd>
              <a href={page.url} target="_blank" rel="noopener noreferrer nofollow" title={page.url}>
                {page.title || page.url}
              </a>
            </dd>
            {page.referrer ? (
              <>
                <dt>{t('chat.came_from')}</dt>
                <dd>{page.referrer}</dd>
              </>
            ) : null}
          </>
        ) : null}
        {answers.map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {chat.rating ? (
          <>
            <dt>{t('chat.rating')}</dt>
            <dd>
              {t('chat.rated', { score: chat.rating.score })}
              {chat.rating.comment ? <p className="small dim">{chat.rating.comment}</p> : null}
            </dd>
          </>
        ) : null}
      </dl>
      <Suspense>
        <VisitorFacts id={chat.visitor.id} />
      </Suspense>
    </section>
  );
}
