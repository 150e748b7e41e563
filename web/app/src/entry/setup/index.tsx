import { Button } from '@ui';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useNavigate, useSearchParams } from 'react-router';
import { useSession } from '../../session/queries';
import { Broken } from '../../shell/broken';
import { EntryCard } from '../frame';
import { useSetupNeeded } from '../queries';
import { Begin } from './begin';
import { MailboxStep } from './mailbox';
import { TeamStep } from './team';
import { TestStep } from './test-mail';

/** The first run. Until somebody exists it needs the word of the set-up link; afterwards it can be left and taken up again. */
export function SetUp() {
  const session = useSession();
  if (session.isPending) return null;
  if (!session.data)
    return (
      <Routes>
        <Route index element={<First />} />
        <Route path="*" element={<Navigate to="/sign-in?next=%2Fsetup%2Fmailbox" replace />} />
      </Routes>
    );
  return (
    <Routes>
      <Route path="mailbox" element={<MailboxStep />} />
      <Route path="team" element={<TeamStep />} />
      <Route path="test" element={<TestStep />} />
      <Route path="*" element={<Navigate to="/setup/mailbox" replace />} />
    </Routes>
  );
}

function First() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const needed = useSetupNeeded();
  const token = query.get('token') ?? '';
  if (needed.isPending) return null;
  if (needed.isError) return <Broken error={needed.error} onRetry={() => void needed.refetch()} />;
  if (!needed.data.needed)
    return (
      <EntryCard title={t('entry.setup.done_already')} lead={t('entry.setup.done_already_lead')}>
        <Button kind="primary" size="l" onPress={() => void navigate('/sign-in', { replace: true })}>
          {t('entry.sign_in.do')}
        </Button>
      </EntryCard>
    );
  if (!token) return <EntryCard title={t('entry.setup.no_link')} lead={t('entry.setup.no_link_lead')} />;
  return <Begin token={token} />;
}
