import type { ConversationDetail } from '@api';
import { Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form/dialog';
import { useAgents } from '../people/queries';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useInvite } from './queries';

/** Asks a colleague to come into a chat. */
export default function InviteDialog({ conversation: c, onClose }: { conversation: ConversationDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe().agent.id;
  const invite = useInvite(c.id);
  const there = new Set([me, c.assignee?.id, ...(c.guests ?? []).map((guest) => guest.agent.id)]);
  const agents = (useAgents().data ?? []).filter((one) => one.active && one.role !== 'viewer' && !there.has(one.id));
  const [to, setTo] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const [tried, setTried] = useState(false);
  const save = () => {
    setTried(true);
    if (!to || invite.isPending) return;
    invite.mutate(
      { agent_id: to, note: words.trim() ? { text: words.trim() } : null },
      {
        onSuccess: () => {
          onClose();
          toast(t('chat.guest.invited', { name: agents.find((one) => one.id === to)?.name ?? '' }));
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('chat.guest.title')}
      submit={t('chat.guest.do')}
      isPending={invite.isPending}
      problem={invite.error ? problemText(t, invite.error) : null}
      error={invite.error}
      className="plan-form"
      onSubmit={save}
      onClose={onClose}
    >
      <p className="dim small">{t('chat.guest.lead')}</p>
      <Select
        label={t('chat.guest.who')}
        value={to}
        onChange={setTo}
        placeholder={t('chat.guest.pick')}
        error={tried && !to ? t('chat.guest.pick') : null}
        items={agents.map((one) => ({ id: one.id, label: one.name, icon: 'person' as const }))}
      />
      <TextInput label={t('chat.guest.words')} value={words} onChange={setWords} multiline rows={3} />
    </FormDialog>
  );
}
