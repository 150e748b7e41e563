import { Banner, Button, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation, useNavigate } from 'react-router';
import { Form } from '../form/form';
import { PasswordInput } from '../form/password';
import { generalText } from '../form/problems';
import { useSession } from '../session/queries';
import { EntryCard } from './frame';
import { nextPath } from './next';
import { useSetupNeeded, useSignIn } from './queries';

export function SignIn() {
  const { t } = useTranslation();
  const { search } = useLocation();
  const navigate = useNavigate();
  const session = useSession();
  const setup = useSetupNeeded();
  const signIn = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const query = new URLSearchParams(search);
  const next = nextPath(search);

  if (session.data && !signIn.isPending) return <Navigate to={next} replace />;
  const submit = () => {
    setTried(true);
    if (!email.trim() || !password) return;
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => void navigate(next, { replace: true }) });
  };
  const notice = query.has('reset') ? 'reset' : query.has('signed_out') ? 'signed_out' : query.has('next') ? 'next' : null;
  return (
    <EntryCard
      title={t('entry.sign_in.title')}
      lead={notice === 'next' ? t('entry.sign_in.next') : undefined}
      foot={<Link to={`/forgot-password${email ? `?email=${encodeURIComponent(email.trim())}` : ''}`}>{t('entry.sign_in.forgot')}</Link>}
    >
      {setup.data?.needed ? <Banner tone="info">{t('entry.sign_in.not_set_up')}</Banner> : null}
      {notice === 'reset' ? <Banner tone="ok">{t('entry.sign_in.reset_done')}</Banner> : null}
      {notice === 'signed_out' ? <Banner tone="info">{t('entry.sign_in.signed_out')}</Banner> : null}
      {signIn.isError ? <Banner tone="bad">{generalText(t, signIn.error)}</Banner> : null}
      <Form
        className="form"
        error={signIn.error}
        onSubmit={() => {
          submit();
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
          error={tried && !email.trim() ? t('form.wrong.missing') : undefined}
        />
        <PasswordInput
          label={t('form.password')}
          name="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={tried && !password ? t('form.wrong.missing') : undefined}
        />
        <Button kind="primary" size="l" type="submit" isPending={signIn.isPending}>
          {t('entry.sign_in.do')}
        </Button>
      </Form>
    </EntryCard>
  );
}
