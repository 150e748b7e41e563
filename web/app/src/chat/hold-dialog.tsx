import { Segmented, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form/dialog';
import { useFormat } from '../i18n/use-format';
import { problemText } from '../shell/problem-text';
import { useHold } from './queries';

const MINUTES = ['2', '5', '10', '20', '30'] as const;

/** Asks the customer for patience and promises a time. */
export default function HoldDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hold = useHold(id);
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('5');
  const [text, setText] = useState(() => t('chat.hold_words'));
  const until = () => new Date(Date.now() + Number(minutes) * 60_000);
  return (
    <FormDialog
      title={t('chat.hold_title', { name })}
      submit={t('chat.hold_do')}
      isPending={hold.isPending}
      problem={hold.error ? problemText(t, hold.error) : null}
      error={hold.error}
      className="plan-form"
      onSubmit={() => hold.mutate({ until: until().toISOString(), text: text.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="dim small">{t('chat.hold_lead')}</p>
      <div className="field">
        <span className="label">{t('chat.hold_for')}</span>
        <Segmented
          label={t('chat.hold_for')}
          value={minutes}
          onChange={setMinutes}
          items={MINUTES.map((one) => ({ id: one, label: t('chat.minutes', { count: Number(one) }) }))}
        />
        <span className="hint">{t('chat.hold_until', { when: format.clock(until()) })}</span>
      </div>
      <TextInput label={t('chat.hold_text')} value={text} onChange={setText} multiline rows={3} autoComplete="off" />
    </FormDialog>
  );
}
