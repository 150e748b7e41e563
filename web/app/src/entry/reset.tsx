import { Problem } from '@api';
import { Banner, Button } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Form } from '../form/form';
import { PasswordInput } from '../form/password';
import { fieldText, generalText, PASSWORD_LENGTH } from '../form/problems';
import { EntryCard } from './frame';
import { useReset } from './queries';

export function Reset() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const token = query.get('token') ?? '';
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const reset = useReset();
  const dead = !token || (reset.error instanceof Problem && reset.error.code === 'link_expired');
  if (dead)
    return (
      <EntryCard title={t('entry.reset.dead')} lead={t('entry.reset.dead_lead')} foot={<Link to="/sign-in">{t('entry.back_to_sign_in')}</Link>}>
        <Button kind="primary" size="l" onPress={() => void navigate('/forgot-password')}>
          {t('entry.reset.again')}
        </Button>
      </EntryCard>
    );
  const general = generalText(t, reset.error, ['password']);
  const short = [...password].length < PASSWORD_LENGTH;
  return (
    <EntryCard title={t('entry.reset.title')} lead={t('entry.reset.lead')}>
      {general ? <Banner tone="bad">{general}</Banner> : null}
      <Form
        className="form"
        error={reset.error}
        onSubmit={() => {
          setTried(true);
          if (!short) reset.mutate({ token, password }, { onSuccess: () => void navigate('/sign-in?reset=1', { replace: true }) });
        }}
      >
        <PasswordInput
          label={t('entry.new_password')}
          name="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          autoFocus
          hint={t('form.password_hint', { count: PASSWORD_LENGTH })}
          error={tried && short ? t('form.wrong.weak') : fieldText(t, reset.error, 'password', 'password')}
        />
        <Button kind="primary" size="l" type="submit" isPending={reset.isPending}>
          {t('entry.reset.do')}
        </Button>
      </Form>
    </EntryCard>
  );
}
