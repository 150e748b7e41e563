import { Banner, Button, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Form } from '../form/form';
import { generalText, isAddress } from '../form/problems';
import { EntryCard } from './frame';
import { useForgot } from './queries';

export function Forgot() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const [email, setEmail] = useState(query.get('email') ?? '');
  const [tried, setTried] = useState(false);
  const forgot = useForgot();
  const back = <Link to="/sign-in">{t('entry.back_to_sign_in')}</Link>;
  if (forgot.isSuccess)
    return (
      <EntryCard title={t('entry.forgot.sent')} lead={t('entry.forgot.sent_lead', { email: email.trim() })} foot={back}>
        <p className="hint">{t('entry.forgot.sent_hint')}</p>
      </EntryCard>
    );
  return (
    <EntryCard title={t('entry.forgot.title')} lead={t('entry.forgot.lead')} foot={back}>
      {forgot.isError ? <Banner tone="bad">{generalText(t, forgot.error)}</Banner> : null}
      <Form
        className="form"
        error={forgot.error}
        onSubmit={() => {
          setTried(true);
          if (isAddress(email)) forgot.mutate(email.trim());
        }}
      >
        <TextInput
          label={t('form.email')}
          type="email"
          name="email"
          value={email}
          onChange={setEmail}
          autoComplete="username"
          autoFocus
          error={tried && !isAddress(email) ? t(email.trim() ? 'form.wrong.email' : 'form.wrong.missing') : undefined}
        />
        <Button kind="primary" size="l" type="submit" isPending={forgot.isPending}>
          {t('entry.forgot.do')}
        </Button>
      </Form>
    </EntryCard>
  );
}
