import { Button, Checkbox, IconButton, Select, TextInput } from '@ui';
import { useTranslation } from 'react-i18next';
import { emptyQuestion, MOST, type Work } from './value';

type Question = Work['questions'][number];
const KINDS = ['text', 'long_text', 'email', 'choice', 'consent'] as const;

/** What is asked of the customer in one go. */
export function Questions({ value, onChange, fault }: { value: Question[]; onChange: (value: Question[]) => void; fault: (at: string) => string | null }) {
  const { t } = useTranslation();
  const change = (key: string, patch: Partial<Question>) => onChange(value.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  return (
    <div className="inter-list">
      {value.map((one, at) => (
        <fieldset key={one.key} className="inter-one">
          <legend className="sr">{t('chat.interactive.question_n', { n: at + 1 })}</legend>
          <TextInput
            label={t('chat.widget.question')}
            value={one.label}
            onChange={(label) => change(one.key, { label })}
            error={fault(`${one.key}.label`)}
            autoComplete="off"
          />
          <Select
            label={t('chat.widget.kind')}
            value={one.kind}
            onChange={(kind) => change(one.key, { kind: kind as Question['kind'] })}
            items={KINDS.map((id) => ({ id, label: t(`chat.widget.kinds.${id}`) }))}
          />
          {one.kind === 'choice' ? (
            <TextInput
              label={t('chat.widget.choices')}
              hint={t('chat.widget.choices_hint')}
              multiline
              rows={3}
              value={one.choices.join('\n')}
              onChange={(text) => change(one.key, { choices: text.split('\n') })}
              error={fault(`${one.key}.choices`)}
            />
          ) : null}
          <div className="inter-top">
            <Checkbox isSelected={one.required} onChange={(required) => change(one.key, { required })}>
              {t('chat.widget.required')}
            </Checkbox>
            {value.length > 1 ? (
              <IconButton icon="trash" label={t('chat.widget.remove')} onPress={() => onChange(value.filter((other) => other.key !== one.key))} />
            ) : null}
          </div>
        </fieldset>
      ))}
      {value.length < MOST ? (
        <div>
          <Button size="s" icon="plus" onPress={() => onChange([...value, emptyQuestion()])}>
            {t('chat.widget.add_question')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
