import './company.css';
import type { Company } from '@api';
import { Avatar, Banner, Button, ChannelGlyph, Chip, Empty, Icon, IconButton, toast } from '@ui';
import { useDeferredValue, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { FormDialog } from '../form/dialog';
import { generalText } from '../form/problems';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { Confirm } from '../settings/confirm';
import { Broken } from '../shell/broken';
import { pathOf } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { CompanyDialog } from './dialog';
import { CompanyNotes } from './notes';
import { PeoplePage } from './people-page';
import { CompanyPicker } from './picker';
import { useCandidates, useCompanies, useCompany, useCompanyConversations, useCompanyCustomers, useDeleteCompany, useMergeCompany, useTakeIn } from './queries';
import { CompanyRepresentative } from './representative';

const COUNTED = 1_000;

/** All companies, and one of them. */
export default function Companies() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const format = useFormat();
  const may = useMay('company.write');
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const list = useCompanies(wanted);
  const company = useCompany(id);
  const [making, setMaking] = useState(false);
  const count = (n: number) => (n >= COUNTED ? `${format.count(COUNTED - 1)}+` : format.count(n));
  return (
    <PeoplePage
      kind="companies"
      id={id}
      list={list}
      text={text}
      onText={setText}
      words={{ find: t('app.company.find'), none: t('app.company.none') }}
      row={(one) => (
        <>
          <span className="co-sign">
            <Icon name="building" size={16} />
          </span>
          <span className="grow">
            <span className="t1 strong">{one.name}</span>
            <span className="t1 small faint">{one.domains.join(', ')}</span>
          </span>
          <span className="small faint num">{count(one.customer_count)}</span>
        </>
      )}
      action={may ? <IconButton icon="plus" label={t('company.new')} onPress={() => setMaking(true)} /> : null}
      empty={
        wanted ? null : (
          <Empty icon="building" title={t('company.empty')} action={may ? <Button onPress={() => setMaking(true)}>{t('company.new')}</Button> : undefined}>
            {t('company.empty_hint')}
          </Empty>
        )
      }
    >
      {company.data && company.data.id === id ? (
        <div className="scroll">
          <CompanyPage key={company.data.id} company={company.data} count={count} />
        </div>
      ) : company.isError && id ? (
        <Broken error={company.error} onRetry={() => void company.refetch()} />
      ) : id ? null : (
        <div className="pane-empty">
          <Empty icon="building" title={t('company.choose')}>
            {t('company.choose_hint')}
          </Empty>
        </div>
      )}
      {making ? <CompanyDialog onClose={() => setMaking(false)} onSaved={(made) => void navigate(`/companies/${made.id}`)} /> : null}
    </PeoplePage>
  );
}

function CompanyPage({ company, count }: { company: Company; count: (n: number) => string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay('company.write');
  const mayManage = useMay('company.manage');
  const remove = useDeleteCompany();
  const [dialog, setDialog] = useState<'edit' | 'merge' | 'delete' | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="wide-page ctx">
      <div className="co-head">
        <span className="phone-only hang">
          <IconButton icon="left" label={t('app.back')} onPress={() => void navigate('/companies')} />
        </span>
        <span className="co-sign" data-size="l">
          <Icon name="building" size={22} />
        </span>
        <div className="grow">
          <h1 className="co-name">{company.name}</h1>
          {company.external_id ? <div className="small faint t1">{t('company.known_as', { id: company.external_id })}</div> : null}
        </div>
        {may ? <IconButton icon="pen" label={t('company.edit', { name: company.name })} onPress={() => setDialog('edit')} /> : null}
        {mayManage ? <IconButton icon="merge" label={t('company.merge', { name: company.name })} onPress={() => setDialog('merge')} /> : null}
        {mayManage ? <IconButton icon="trash" label={t('company.delete', { name: company.name })} onPress={() => setDialog('delete')} /> : null}
      </div>
      {company.domains.length > 0 ? (
        <div className="co-domains">
          {company.domains.map((domain) => (
            <Chip key={domain} tone="line" size="m" icon="globe">
              {domain}
            </Chip>
          ))}
        </div>
      ) : null}
      {may ? <Offer company={company} /> : null}
      <CompanyNotes company={company} />
      <CompanyRepresentative company={company} />
      <People company={company} count={count} />
      <Talks company={company} />
      {dialog === 'edit' ? <CompanyDialog company={company} onClose={close} onSaved={() => undefined} /> : null}
      {dialog === 'merge' ? <MergeDialog company={company} onClose={close} /> : null}
      <Confirm
        title={t('company.delete_title', { name: company.name })}
        text={t('company.delete_text')}
        action={t('company.delete_do')}
        isOpen={dialog === 'delete'}
        isPending={remove.isPending}
        error={remove.error}
        onClose={close}
        onDo={() =>
          remove.mutate(company.id, {
            onSuccess: () => {
              toast(t('company.deleted', { name: company.name }));
              void navigate('/companies');
            },
          })
        }
      />
    </div>
  );
}

/** Customers of its domains who are in no company can be taken in. */
function Offer({ company }: { company: Company }) {
  const { t } = useTranslation();
  const format = useFormat();
  const candidates = useCandidates(company.id, company.domains.length > 0).data ?? [];
  const take = useTakeIn(company.id);
  return candidates.map(({ domain, customers }) => (
    <Banner
      key={domain}
      icon="people"
      action={
        <Button
          size="s"
          isPending={take.isPending && take.variables === domain}
          onPress={() =>
            take.mutate(domain, {
              onSuccess: (count) => toast(t('company.taken_in', { count, shown: format.count(count), name: company.name })),
              onError: (error) => toast(problemText(t, error)),
            })
          }
        >
          {t('company.take_in')}
        </Button>
      }
    >
      {t('company.candidates', { count: customers, shown: format.count(customers), domain })}
    </Banner>
  ));
}

function People({ company, count }: { company: Company; count: (n: number) => string }) {
  const { t } = useTranslation();
  const list = useCompanyCustomers(company.id);
  const rows = (list.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <section>
      <h2 className="ctx-h">
        <span>{t('app.nav.customers')}</span>
        <span className="faint num">{count(company.customer_count)}</span>
      </h2>
      {list.data && rows.length === 0 ? <p className="small faint">{t('company.nobody')}</p> : null}
      {rows.map((one) => (
        <Link className="it" key={one.id} to={`/customers/${one.id}`}>
          <Avatar name={one.name || one.emails[0]?.address || ''} seed={one.id} size={24} />
          <span className="t1">{one.name || t('app.no_name')}</span>
          <span className="n t1">{one.emails[0]?.address}</span>
        </Link>
      ))}
      <More list={list} />
    </section>
  );
}

function Talks({ company }: { company: Company }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useCompanyConversations(company.id);
  const rows = (list.data?.pages ?? []).flatMap((page) => page.items);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 className="ctx-h">
        <span>{t('app.customer.conversations')}</span>
        <Link className="small" to={pathOf({ view: 'search', q: `company:"${company.name.replaceAll('"', '')}"` })}>
          {t('company.as_list')}
        </Link>
      </h2>
      {rows.map((c) => (
        <Link className="it" key={c.id} to={pathOf({ view: 'all_open', id: c.id })}>
          <ChannelGlyph channel={c.channel} />
          <span className="grow ctx-file">
            <span className="t1">{c.subject || t('app.no_subject')}</span>
            <span className="m t1">
              {c.customer.name || c.customer.email} · {t(`app.status.${c.status.kind}`)}
            </span>
          </span>
          <span className="n">{format.list(c.last_message_at)}</span>
        </Link>
      ))}
      <More list={list} />
    </section>
  );
}

function More({ list }: { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Button kind="quiet" size="s" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
      {t('app.more')}
    </Button>
  );
}

function MergeDialog({ company, onClose }: { company: Company; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const merge = useMergeCompany();
  const [into, setInto] = useState<string | null>(null);
  const other = useCompany(into ?? undefined).data;
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!into) return;
    merge.mutate(
      { id: company.id, into },
      {
        onSuccess: (merged) => {
          toast(t('company.merged', { name: company.name, into: merged.name }));
          onClose();
          void navigate(`/companies/${merged.id}`);
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('company.merge', { name: company.name })}
      submit={t('company.merge_do')}
      isPending={merge.isPending}
      problem={generalText(t, merge.error)}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="dim">{t('company.merge_lead', { name: company.name })}</p>
      <div className="field">
        <span className="label">{t('company.merge_into')}</span>
        <CompanyPicker label={t('company.merge_into')} selected={into ? [into] : []} without={company.id} onPick={setInto}>
          <RawButton className="input" aria-label={`${t('company.merge_into')}: ${other?.name ?? t('view.choose')}`}>
            <span className={other ? 'grow t1' : 'grow t1 faint'}>{other?.name ?? t('view.choose')}</span>
            <Icon name="down" />
          </RawButton>
        </CompanyPicker>
        {tried && !into ? <span className="small bad">{t('company.merge_pick')}</span> : null}
      </div>
    </FormDialog>
  );
}
