import type { Customer } from '@api';
import { Button, Icon, toast } from '@ui';
import { useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CompanyPicker } from '../company/picker';
import { createCompany } from '../company/queries';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useUpdateCustomer } from './queries';

/** A customer's company, to be changed where it stands. */
export function CompanyOf({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = useMay('customer.write');
  const mayMake = useMay('company.write');
  const update = useUpdateCustomer(customer.id);
  const { company } = customer;
  const failed = (error: unknown) => toast(problemText(t, error));
  const put = (id: string | null) => update.mutate({ company_id: id }, { onError: failed });
  const create = (name: string) => void createCompany({ name }).then((made) => put(made.id), failed);
  return (
    <section>
      <h2 className="ctx-h">
        <span>{t('app.company.title')}</span>
        {may ? (
          <CompanyPicker
            label={t('app.company.title')}
            selected={company ? [company.id] : []}
            first={company ? { id: 'none', label: t('app.company.no') } : undefined}
            onPick={(id) => put(id === 'none' ? null : id)}
            onCreate={mayMake ? create : undefined}
          >
            <RawButton className="btn" data-kind="link" data-size="s">
              {company ? t('app.edit') : t('app.add')}
            </RawButton>
          </CompanyPicker>
        ) : null}
      </h2>
      {company ? (
        <Link className="it" to={`/companies/${company.id}`}>
          <Icon name="building" size={16} />
          <span className="t1">{company.name}</span>
        </Link>
      ) : (
        <p className="small faint">{t('app.company.no')}</p>
      )}
    </section>
  );
}

/** A customer's phone numbers, one in a line. */
export function Phones({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = useMay('customer.write');
  const update = useUpdateCustomer(customer.id);
  const [text, setText] = useState<string | null>(null);
  const save = () => {
    const phones = (text ?? '').split(/[\n,;]+/).flatMap((line) => line.trim() || []);
    update.mutate({ phones }, { onSuccess: () => setText(null), onError: (error) => toast(problemText(t, error)) });
  };
  if (!may && customer.phones.length === 0) return null;
  return (
    <section>
      <h2 className="ctx-h">
        <span>{t('app.phone.title')}</span>
        {may && text === null ? (
          <Button kind="link" size="s" onPress={() => setText(customer.phones.join('\n'))}>
            {customer.phones.length > 0 ? t('app.edit') : t('app.add')}
          </Button>
        ) : null}
      </h2>
      {text === null ? (
        customer.phones.length > 0 ? (
          customer.phones.map((phone) => (
            <a className="it" key={phone} href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>
              <Icon name="phone" size={16} />
              <span className="t1 num">{phone}</span>
            </a>
          ))
        ) : (
          <p className="small faint">{t('app.phone.none')}</p>
        )
      ) : (
        <div className="stack">
          <textarea
            className="input"
            aria-label={t('app.phone.title')}
            placeholder="+82 10-1234-5678"
            rows={2}
            // biome-ignore lint/a11y/noAutofocus: the field was just opened to write in it
            autoFocus
            inputMode="tel"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="small faint">{t('app.phone.hint')}</span>
          <div className="acts" style={{ marginTop: 0 }}>
            <Button kind="quiet" size="s" onPress={() => setText(null)}>
              {t('app.cancel')}
            </Button>
            <Button size="s" isPending={update.isPending} onPress={save}>
              {t('app.save')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
