import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConversation } from '../conversation/queries';
import { FormDialog } from '../form/dialog';
import { problemText } from '../shell/problem-text';
import { type Asked, useAsk } from './ask';
import { FieldInput } from './input';
import { useFields, useSetFields } from './queries';
import { type FieldValues, missingFields } from './rules';
import { wrongValue } from './wrong';
import './field.css';

/** Asks for what is missing, then resolves. */
export default function AskDialog({ asked }: { asked: Asked }) {
  const { t } = useTranslation();
  const fields = useFields().data;
  const { data: conversation, isPlaceholderData } = useConversation(asked.id);
  const set = useSetFields(asked.id);
  const [values, setValues] = useState<FieldValues>({});
  const [tried, setTried] = useState(false);
  const close = () => useAsk.getState().ask(null);
  if (!fields || !conversation || isPlaceholderData) return null;
  // What was missing at first stays on the screen; what becomes needed by an answer joins it.
  const now = { ...conversation.fields, ...values };
  const missing = missingFields(fields, now, conversation.inbox.id);
  const shown = fields.filter((field) => field.key in values || missing.includes(field));
  const submit = () => {
    setTried(true);
    if (missing.length > 0) return;
    set.mutate(values, {
      onSuccess: () => {
        close();
        asked.done();
      },
    });
  };
  const wrong = (field: (typeof shown)[number]) => wrongValue(t, set.error, field) ?? (tried && missing.includes(field) ? t('work.field.wrong.missing') : null);
  const general = set.error && !shown.some((field) => wrongValue(t, set.error, field)) ? problemText(t, set.error) : null;
  return (
    <FormDialog
      title={t('work.field.ask')}
      submit={t('work.field.resolve')}
      isPending={set.isPending}
      problem={general}
      error={set.error}
      className="fields-ask"
      onSubmit={submit}
      onClose={close}
    >
      <p className="dim">{t('work.field.ask_text', { subject: conversation.subject || t('app.no_subject') })}</p>
      {shown.map((field) => (
        <FieldInput
          key={field.id}
          field={field}
          required
          value={now[field.key]}
          onChange={(value) => setValues((all) => ({ ...all, [field.key]: value }))}
          error={wrong(field)}
        />
      ))}
    </FormDialog>
  );
}
