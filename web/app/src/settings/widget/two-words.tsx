import type { Language, Texts } from '@api';
import { Segmented, TextInput } from '@ui';
import { useState } from 'react';

const LANGUAGES: readonly { id: Language; label: string }[] = [
  { id: 'en', label: 'English' },
  { id: 'ko', label: '한국어' },
];

/** A text in English and Korean, one shown at a time. */
export function TwoWords({
  label,
  value,
  onChange,
  error,
  rows = 3,
}: {
  label: string;
  value: Texts;
  onChange: (value: Texts) => void;
  error?: string | null;
  rows?: number;
}) {
  const [language, setLanguage] = useState<Language>('en');
  const set = (text: string) => {
    const { [language]: _before, ...others } = value;
    onChange(text ? { ...others, [language]: text } : others);
  };
  const of = LANGUAGES.find((one) => one.id === language)?.label ?? '';
  return (
    <div className="field">
      <div className="row between">
        <span className="label">{label}</span>
        <Segmented label={label} value={language} onChange={setLanguage} items={LANGUAGES} />
      </div>
      <TextInput label={`${label} · ${of}`} hideLabel multiline={rows > 1} rows={rows} value={value[language] ?? ''} onChange={set} error={error} />
    </div>
  );
}
