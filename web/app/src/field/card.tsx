import type { ConversationDetail, Field, FieldValue } from '@api';
import { toast } from '@ui';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConversation } from '../conversation/queries';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { FieldInput } from './input';
import { useFields, useSetFields } from './queries';
import { inLanguage, isShown, shownValue } from './rules';
import { wrongValue } from './wrong';
import './field.css';

/** The custom fields of a conversation, to be filled in where they stand. */
const FieldsCard = memo(function FieldsCard({ conversationId }: { conversationId: string }) {
  const { t, i18n } = useTranslation();
  const fields = useFields().data ?? [];
  const { data: conversation, isPlaceholderData } = useConversation(conversationId);
  const may = useMay('conversation.write');
  if (!conversation || isPlaceholderData) return null;
  const shown = fields.filter((field) => isShown(field, fields, conversation.fields, conversation.inbox.id));
  if (shown.length === 0) return null;
  const locked = !may || conversation.shelf !== null || conversation.merged_into !== null;
  return (
    <section className="fields-card" aria-label={t('work.field.title')}>
      <h3 className="ctx-h">
        <span>{t('work.field.title')}</span>
      </h3>
      {locked ? (
        <dl className="facts">
          {shown.map((field) => (
            <div key={field.id}>
              <dt>{inLanguage(field.label, i18n.language)}</dt>
              <dd>{shownValue(field, conversation.fields[field.key], i18n.language, t('view.yes'))}</dd>
            </div>
          ))}
        </dl>
      ) : (
        shown.map((field) => <Row key={`${conversation.id}:${field.id}`} field={field} conversation={conversation} />)
      )}
    </section>
  );
});

export default FieldsCard;

const same = (a: FieldValue | undefined, b: FieldValue | undefined) => JSON.stringify(a || null) === JSON.stringify(b || null);

function Row({ field, conversation }: { field: Field; conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const set = useSetFields(conversation.id);
  const [draft, setDraft] = useState<FieldValue | undefined>(undefined);
  const kept = conversation.fields[field.key];
  const change = (value: FieldValue, done: boolean) => {
    setDraft(value);
    if (!done) return;
    if (same(value, kept)) {
      setDraft(undefined);
      set.reset();
      return;
    }
    set.mutate(
      { [field.key]: value },
      {
        onSuccess: () => setDraft(undefined),
        onError: (error) => {
          if (!wrongValue(t, error, field)) toast(problemText(t, error));
        },
      },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft !== undefined) change(draft, true);
      }}
    >
      <FieldInput
        field={field}
        required={field.required}
        value={draft === undefined ? kept : draft}
        onChange={change}
        error={draft === undefined ? null : wrongValue(t, set.error, field)}
      />
    </form>
  );
}
