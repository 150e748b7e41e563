import type { Customer } from '@api';
import { Avatar, ChannelGlyph, Chip, Icon, IconButton, Skeleton, toast } from '@ui';
import { lazy, memo, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CompanySection } from '../company/section';
import { useConversation } from '../conversation/queries';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { ProblemSection } from '../problem/section';
import { useMay } from '../session/queries';
import { pathOf } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { useWide } from '../shell/use-media';
import { SideSection } from '../side/section';
import { useSide } from '../side/state';
import { statusName } from '../status/groups';
import { Files } from './files';
import { NotesText } from './notes';
import { useCustomer, useCustomerConversations, useUpdateCustomer } from './queries';

const ChatCard = lazy(() => Promise.all([import('../chat/card'), needArea('chat')]).then(([card]) => card));
const FieldsCard = lazy(() => import('../field/card'));
const PlanCard = lazy(() => import('../plan/card'));
const SideView = lazy(() => import('../side/view'));

/** Who writes: the customer's card, what to know, and what was before. */
export const ContextPanel = memo(function ContextPanel({ customerId, conversationId }: { customerId: string | undefined; conversationId: string | null }) {
  const { t } = useTranslation();
  const wide = useWide();
  const { setContext, setSheet } = useShell.getState();
  const customer = useCustomer(customerId).data;
  const conversation = useConversation(conversationId ?? undefined).data;
  const open = useSide((s) => s.open);
  const side = open && open.parent === conversationId ? open.side : null;
  if (side)
    return (
      <aside className="col context" aria-label={t('work.side.title')}>
        <Suspense>
          <SideView key={side} id={side} />
        </Suspense>
      </aside>
    );
  return (
    <aside className="col context" aria-label={t('app.customer.title')}>
      <div className="hbar">
        <h2 className="grow">{t('app.customer.title')}</h2>
        <IconButton icon={wide ? 'panel' : 'x'} size="s" label={t('app.customer.hide')} keys="." onPress={() => (wide ? setContext(false) : setSheet(false))} />
      </div>
      <div className="scroll ctx">
        {customer ? (
          <>
            <section>
              <CustomerCard customer={customer} linked />
            </section>
            {conversation?.chat && conversation.id === conversationId ? (
              <Suspense>
                <ChatCard chat={conversation.chat} />
              </Suspense>
            ) : null}
            {conversationId ? (
              <Suspense>
                <PlanCard key={conversationId} conversationId={conversationId} />
                <FieldsCard conversationId={conversationId} />
              </Suspense>
            ) : null}
            {conversationId && conversation && !conversation.beside ? <SideSection conversationId={conversationId} canBegin={!conversation.shelf} /> : null}
            {conversation && conversation.id === conversationId ? <ProblemSection conversation={conversation} /> : null}
            {conversationId ? <Linked conversationId={conversationId} /> : null}
            <CompanySection customer={customer} />
            <Notes key={customer.id} customer={customer} />
            {conversationId ? <Files key={conversationId} conversationId={conversationId} /> : null}
            <History customerId={customer.id} except={conversationId} />
          </>
        ) : (
          <CardSkeleton />
        )}
      </div>
    </aside>
  );
});

function CardSkeleton() {
  return (
    <div className="cc">
      <Skeleton width={44} height={44} round />
      <div className="stack grow">
        <Skeleton width="60%" />
        <Skeleton width="80%" height={10} />
      </div>
    </div>
  );
}

export const CustomerCard = memo(function CustomerCard({ customer, linked }: { customer: Customer; linked?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [first, ...more] = customer.emails;
  const name = customer.name || first?.address || t('app.no_name');
  const languageName = customer.language ? new Intl.DisplayNames(format.locale, { type: 'language' }).of(customer.language) : null;
  const since = t('app.customer.since', { year: new Date(customer.created_at).getFullYear() });
  return (
    <>
      <div className="cc">
        <Avatar name={name} seed={customer.id} size={44} />
        <div className="grow">
          {linked ? (
            <div className="nm t1">
              <Link to={`/customers/${customer.id}`} style={{ color: 'inherit', textDecoration: 'none' }}>
                {name}
              </Link>
            </div>
          ) : (
            <h1 className="nm t1">{name}</h1>
          )}
          {first ? (
            <div className="small dim t1" title={first.address}>
              {first.address}
            </div>
          ) : null}
          {linked && customer.phones[0] ? <div className="small dim t1 num">{customer.phones[0]}</div> : null}
          <div className="small faint t1">{[languageName, since].filter(Boolean).join(' · ')}</div>
        </div>
      </div>
      {[first, ...more].map((email, i) =>
        email && (i > 0 || email.suppressed) ? (
          <div className="it" key={email.address}>
            <span className="t1 small">{email.address}</span>
            {email.suppressed ? (
              <span className="n">
                <Chip tone="bad" title={email.suppressed.reason}>
                  {t('app.customer.suppressed')}
                </Chip>
              </span>
            ) : null}
          </div>
        ) : null,
      )}
      <dl className="facts">
        <div>
          <dt>{t('app.customer.conversations')}</dt>
          <dd>{format.count(customer.conversation_count)}</dd>
        </div>
        {customer.last_seen_at ? (
          <div>
            <dt>{t('app.customer.last_wrote')}</dt>
            <dd title={format.exact(customer.last_seen_at)}>{format.ago(customer.last_seen_at)}</dd>
          </div>
        ) : null}
      </dl>
    </>
  );
});

/** What the team should know about the customer. */
export const Notes = memo(function Notes({ customer, heading = 'h3' }: { customer: Customer; heading?: 'h2' | 'h3' }) {
  const { t } = useTranslation();
  const may = useMay('customer.write');
  const update = useUpdateCustomer(customer.id);
  return (
    <NotesText
      text={customer.notes ?? ''}
      may={may}
      heading={heading}
      onSave={(notes, failed) =>
        update.mutate(
          { notes },
          {
            onError: (error) => {
              toast(problemText(t, error));
              failed();
            },
          },
        )
      }
    />
  );
});

/** Conversations that belong to this one: a copy of the same mail in another inbox, what it follows, what follows it. */
const Linked = memo(function Linked({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const links = (useConversation(conversationId).data?.links ?? []).filter((link) => link.kind !== 'side' && link.kind !== 'problem');
  if (links.length === 0) return null;
  return (
    <section>
      <h3 className="ctx-h">
        <span>{t('app.links.title')}</span>
      </h3>
      {links.map(({ kind, follows, conversation }) => (
        <Link
          className="it"
          key={`${kind}:${conversation.id}`}
          to={pathOf({ view: 'all_open', id: conversation.id })}
          title={`#${conversation.number} · ${conversation.inbox.name} · ${t(`app.status.${conversation.status.kind}`)}`}
        >
          <Icon name="link" size={16} />
          <span className="grow t1">
            <span className="t1">{conversation.subject || t('app.no_subject')}</span>
            <span className="m t1" style={{ display: 'block' }}>
              {t(`app.links.${kind}${follows ? '_follows' : ''}`, { inbox: conversation.inbox.name })}
            </span>
          </span>
          <span className="n">#{conversation.number}</span>
        </Link>
      ))}
    </section>
  );
});

export const History = memo(function History({
  customerId,
  except,
  heading: Heading = 'h3',
}: {
  customerId: string;
  except: string | null;
  heading?: 'h2' | 'h3';
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const history = useCustomerConversations(customerId).data;
  const earlier = (history?.items ?? []).filter((c) => c.id !== except);
  if (!history || earlier.length === 0) return null;
  return (
    <section>
      <Heading className="ctx-h">
        <span>{except ? t('app.customer.earlier') : t('app.customer.conversations')}</span>
      </Heading>
      {earlier.map((c) => (
        <Link className="it" key={c.id} to={pathOf({ view: 'all_open', id: c.id })}>
          <ChannelGlyph channel={c.channel} />
          <span className="t1">{c.subject || t('app.no_subject')}</span>
          <span className="n" title={statusName(c, (kind) => t(`app.status.${kind}`))}>
            {format.list(c.last_message_at)}
          </span>
        </Link>
      ))}
    </section>
  );
});
