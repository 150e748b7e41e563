import type { LiveVisitor } from '@api';
import { TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form/dialog';
import { problemText } from '../shell/problem-text';
import { useInvite } from './queries';

/** Says something first to somebody who looks around. */
export default function InviteDialog({ visitor, name, onClose }: { visitor: LiveVisitor; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const invite = useInvite(visitor.id);
  const [text, setText] = useState('');
  return (
    <FormDialog
      title={t('visitor.invite_title', { name })}
      submit={t('visitor.invite_do')}
      isPending={invite.isPending}
      problem={invite.error ? problemText(t, invite.error) : null}
      error={invite.error}
      className="plan-form"
      onSubmit={() =>
        invite.mutate(text.trim(), {
          onSuccess: () => {
            toast(t('visitor.invited_toast', { name }));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p className="dim small">{t('visitor.invite_lead')}</p>
      <TextInput label={t('visitor.invite_text')} value={text} onChange={setText} multiline rows={3} autoComplete="off" autoFocus />
    </FormDialog>
  );
}
