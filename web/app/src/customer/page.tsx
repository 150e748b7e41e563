import { Avatar, Button, Empty, Icon, IconButton } from '@ui';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { PeopleTabs } from '../company/tabs';
import { RowSkeletons } from '../conversation/list';
import { useFormat } from '../i18n/use-format';
import { Broken } from '../shell/broken';
import { usePhone } from '../shell/use-media';
import { CustomerCard, History, Notes } from './context';
import { CompanyOf, Phones } from './facts';
import { useCustomer, useCustomers } from './queries';

/** All customers, and one of them. */
export default function Customers() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const phone = usePhone();
  const [text, setText] = useState('');
  const list = useCustomers(useDeferredValue(text.trim()));
  const rows = (list.data?.pages ?? []).flatMap((page) => page.items);
  const format = useFormat();
  const customer = useCustomer(id).data;
  return (
    <div className="people" data-open={id ? 'yes' : 'no'}>
      <section className="col list" aria-label={t('app.nav.customers')} role={phone && !id ? 'main' : undefined}>
        <div className="hbar">{id ? <h2 className="grow">{t('app.nav.customers')}</h2> : <h1 className="grow">{t('app.nav.customers')}</h1>}</div>
        <PeopleTabs current="customers" />
        <div className="list-search">
          <div className="input">
            <Icon name="search" />
            <input
              type="search"
              aria-label={t('app.customer.find')}
              placeholder={t('app.customer.find')}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        </div>
        {list.isError ? (
          <Broken error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <RowSkeletons />
        ) : (
          <nav className="scroll" aria-label={t('app.nav.customers')}>
            {rows.map((one) => (
              <Link className="person" key={one.id} to={`/customers/${one.id}`} aria-current={one.id === id ? 'page' : undefined}>
                <Avatar name={one.name || one.emails[0]?.address || ''} seed={one.id} />
                <span className="grow">
                  <span className="t1 strong">{one.name || one.emails[0]?.address || t('app.no_name')}</span>
                  <span className="t1 small faint">{[one.company?.name, one.emails[0]?.address].filter(Boolean).join(' · ')}</span>
                </span>
                <span className="small faint num">{format.count(one.conversation_count)}</span>
              </Link>
            ))}
            {list.hasNextPage ? (
              <div className="list-end">
                <Button kind="quiet" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                  {t('app.more')}
                </Button>
              </div>
            ) : (
              <div className="list-end">{rows.length === 0 ? t('app.customer.none') : t('app.list.end')}</div>
            )}
          </nav>
        )}
      </section>
      <main className="col main" id="main" tabIndex={-1}>
        {customer ? (
          <div className="scroll">
            <div className="wide-page ctx">
              <span className="phone-only hang">
                <IconButton icon="left" label={t('app.back')} onPress={() => void navigate('/customers')} />
              </span>
              <div>
                <CustomerCard customer={customer} />
              </div>
              <CompanyOf key={`company ${customer.id}`} customer={customer} />
              <Phones key={`phones ${customer.id}`} customer={customer} />
              <Notes key={customer.id} customer={customer} heading="h2" />
              <History customerId={customer.id} except={null} heading="h2" />
            </div>
          </div>
        ) : id ? null : (
          <div className="pane-empty">
            <Empty icon="people" title={t('app.customer.choose')}>
              {t('app.customer.choose_hint')}
            </Empty>
          </div>
        )}
      </main>
    </div>
  );
}
