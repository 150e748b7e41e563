import { IconButton, TextInput, type TextInputProps } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A password, hidden until its eye is pressed. */
export function PasswordInput(props: Omit<TextInputProps, 'type' | 'after'>) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      {...props}
      type={shown ? 'text' : 'password'}
      after={<IconButton icon="eye" size="s" label={t(shown ? 'form.hide_password' : 'form.show_password')} isOn={shown} onPress={() => setShown(!shown)} />}
    />
  );
}
