import type { FormField } from './types';
import { t } from './words';

export type Answers = Record<string, string>;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What is missing or wrong, by key. */
export function faults(fields: readonly FormField[], answers: Answers): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key, kind, required } of fields) {
    const given = (answers[key] ?? '').trim();
    if (required && !given) found[key] = kind === 'consent' ? 'need_consent' : 'need_answer';
    else if (given && kind === 'email' && !MAIL.test(given)) found[key] = 'need_mail';
  }
  return found;
}

/** Answers worth sending: what was given, and nothing else. */
export const given = (fields: readonly FormField[], answers: Answers): Answers =>
  Object.fromEntries(fields.map(({ key }) => [key, (answers[key] ?? '').trim()]).filter(([, value]) => value));

export const isMail = (text: string) => MAIL.test(text.trim());

interface Props {
  title: string;
  fields: readonly FormField[];
  answers: Answers;
  wrong: Record<string, string>;
  onChange: (answers: Answers) => void;
}

/** What is asked before the first message. */
export function PreChat({ title, fields, answers, wrong, onChange }: Props) {
  return (
    <section class="card form" aria-label={title}>
      <p class="strong">{title}</p>
      {fields.map((field) => {
        const id = `f-${field.key}`;
        const fault = wrong[field.key];
        const common = {
          id,
          value: answers[field.key] ?? '',
          required: field.required,
          'aria-invalid': fault ? true : undefined,
          'aria-describedby': fault ? `${id}-e` : undefined,
          onInput: (event: { currentTarget: { value: string } }) => onChange({ ...answers, [field.key]: event.currentTarget.value }),
        };
        return (
          <div key={field.key} class="field">
            {field.kind === 'consent' ? (
              <label class="consent">
                <input
                  {...common}
                  type="checkbox"
                  value="true"
                  checked={answers[field.key] === 'true'}
                  onInput={(event) => onChange({ ...answers, [field.key]: event.currentTarget.checked ? 'true' : '' })}
                />
                <span>{field.label}</span>
              </label>
            ) : (
              <>
                <label for={id}>
                  {field.label}
                  {!field.required && <span class="dim"> {t('optional')}</span>}
                </label>
                {field.kind === 'long_text' ? (
                  <textarea {...common} rows={3} maxLength={2000} />
                ) : field.kind === 'choice' ? (
                  <select {...common}>
                    <option value="" />
                    {field.choices.map((choice) => (
                      <option key={choice}>{choice}</option>
                    ))}
                  </select>
                ) : (
                  // @ts-expect-error: the types tell inputs apart by a literal `type`
                  <input
                    {...common}
                    type={field.kind === 'email' ? 'email' : 'text'}
                    maxLength={300}
                    autocomplete={field.kind === 'email' ? 'email' : field.key === 'name' ? 'name' : 'off'}
                  />
                )}
              </>
            )}
            {fault && (
              <p class="fault" id={`${id}-e`}>
                {t(fault)}
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}
