import type { Customer } from '@api';
import { ChannelGlyph, Icon } from '@ui';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/use-format';
import { pathOf } from '../shell/place';
import { useOpenWith } from './queries';

const FIRST = 5;

/** Beside a conversation: the customer's company, and what else is open with it. */
export const CompanySection = memo(function CompanySection({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const company = customer.company;
  const others = (useOpenWith(company?.id).data?.items ?? []).filter((c) => c.customer.id !== customer.id).slice(0, FIRST);
  if (!company) return null;
  return (
    <section>
      <h3 className="ctx-h">
        <span>{t('app.company.title')}</span>
      </h3>
      <Link className="it" to={`/companies/${company.id}`}>
        <Icon name="building" size={16} />
        <span className="t1 strong">{company.name}</span>
      </Link>
      {others.length > 0 ? <p className="small faint">{t('app.company.also_open')}</p> : null}
      {others.map((c) => (
        <Link className="it" key={c.id} to={pathOf({ view: 'all_open', id: c.id })} title={c.customer.name}>
          <ChannelGlyph channel={c.channel} />
          <span className="grow ctx-file">
            <span className="t1">{c.subject || t('app.no_subject')}</span>
            <span className="m t1">{c.customer.name || c.customer.email}</span>
          </span>
          <span className="n">{format.list(c.last_message_at)}</span>
        </Link>
      ))}
    </section>
  );
});
