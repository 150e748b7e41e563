import { TextInput } from '@ui';
import { useTranslation } from 'react-i18next';
import { fieldText } from './problems';

export interface NameInputProps {
  value: string;
  onChange: (value: string) => void;
  /** One has tried to save: a name that lacks is told from now on. */
  tried: boolean;
  /** What the server said. */
  error: unknown;
}

/** What something of the workspace's own is called: first in its dialog, and never empty. */
export function NameInput({ value, onChange, tried, error }: NameInputProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('form.name')}
      value={value}
      onChange={onChange}
      autoFocus
      autoComplete="off"
      error={tried && !value.trim() ? t('form.wrong.missing') : fieldText(t, error, 'name')}
    />
  );
}
