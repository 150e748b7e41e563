import type { WidgetFieldSetting } from '@api';
import { Button, Checkbox, IconButton, Select, TextInput } from '@ui';
import { useTranslation } from 'react-i18next';
import { TwoWords } from './two-words';

const KINDS = ['text', 'long_text', 'email', 'choice', 'consent'] as const;
const MOST = 20;

/** A key that no question has. */
function freeKey(fields: readonly WidgetFieldSetting[]): string {
  let n = fields.length + 1;
  while (fields.some((field) => field.key === `question_${n}`)) n += 1;
  return `question_${n}`;
}

/** What is asked before the first message. Name and address say who somebody is; the rest stands beside the chat. */
export function Questions({
  value,
  onChange,
  error,
}: {
  value: readonly WidgetFieldSetting[];
  onChange: (value: WidgetFieldSetting[]) => void;
  error?: string | null;
}) {
  const { t } = useTranslation();
  const has = (key: string) => value.some((field) => field.key === key);
  const add = (field: WidgetFieldSetting) => onChange([...value, field]);
  const change = (at: number, patch: Partial<WidgetFieldSetting>) => onChange(value.map((field, i) => (i === at ? { ...field, ...patch } : field)));
  return (
    <div className="widget-questions">
      {value.map((field, at) => (
        <fieldset key={field.key} className="widget-question">
          <legend className="sr">{field.label.en ?? field.label.ko ?? field.key}</legend>
          <TwoWords label={t('chat.widget.question')} value={field.label} onChange={(label) => change(at, { label })} rows={1} />
          {field.key === 'name' || field.key === 'email' ? null : (
            <Select
              label={t('chat.widget.kind')}
              value={field.kind}
              onChange={(kind) => change(at, { kind: kind as WidgetFieldSetting['kind'], choices: kind === 'choice' ? field.choices : [] })}
              items={KINDS.map((id) => ({ id, label: t(`chat.widget.kinds.${id}`) }))}
            />
          )}
          {field.kind === 'choice' ? (
            <TextInput
              label={t('chat.widget.choices')}
              hint={t('chat.widget.choices_hint')}
              multiline
              rows={3}
              value={field.choices.join('\n')}
              onChange={(text) => change(at, { choices: text.split('\n') })}
            />
          ) : null}
          <div className="row between">
            <Checkbox isSelected={field.required} onChange={(required) => change(at, { required })}>
              {t('chat.widget.required')}
            </Checkbox>
            <IconButton icon="trash" label={t('chat.widget.remove')} onPress={() => onChange(value.filter((_, i) => i !== at))} />
          </div>
        </fieldset>
      ))}
      {error ? <p className="error">{error}</p> : null}
      {value.length < MOST ? (
        <div className="row">
          {has('name') ? null : (
            <Button
              size="s"
              icon="plus"
              onPress={() => add({ key: 'name', label: { en: 'Your name', ko: '이름' }, kind: 'text', required: false, choices: [] })}
            >
              {t('chat.widget.add_name')}
            </Button>
          )}
          {has('email') ? null : (
            <Button
              size="s"
              icon="plus"
              onPress={() => add({ key: 'email', label: { en: 'Your email address', ko: '이메일 주소' }, kind: 'email', required: true, choices: [] })}
            >
              {t('chat.widget.add_email')}
            </Button>
          )}
          <Button size="s" icon="plus" onPress={() => add({ key: freeKey(value), label: {}, kind: 'text', required: false, choices: [] })}>
            {t('chat.widget.add_question')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
