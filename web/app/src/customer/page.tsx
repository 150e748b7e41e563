import { Avatar, Empty, IconButton } from '@ui';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { PeoplePage } from '../company/people-page';
import { useFormat } from '../i18n/use-format';
import { CustomerCard, History, Notes } from './context';
import { CompanyOf, Phones } from './facts';
import { useCustomer, useCustomers } from './queries';

/** All customers, and one of them. */
export default function Customers() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const list = useCustomers(useDeferredValue(text.trim()));
  const format = useFormat();
  const customer = useCustomer(id).data;
  return (
    <PeoplePage
      kind="customers"
      id={id}
      list={list}
      text={text}
      onText={setText}
      words={{ find: t('app.customer.find'), none: t('app.customer.none') }}
      row={(one) => (
        <>
          <Avatar name={one.name || one.emails[0]?.address || ''} seed={one.id} />
          <span className="grow">
            <span className="t1 strong">{one.name || one.emails[0]?.address || t('app.no_name')}</span>
            <span className="t1 small faint">{[one.company?.name, one.emails[0]?.address].filter(Boolean).join(' · ')}</span>
          </span>
          <span className="small faint num">{format.count(one.conversation_count)}</span>
        </>
      )}
    >
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
    </PeoplePage>
  );
}
