import type { NotificationSound } from '@api';
import { Button, Select, toast } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { play } from '../../notification/sound';
import { Section } from '../page';

const NAMES = ['none', 'drop', 'chime', 'knock', 'glass'] as const;

/** Which sound a new notification makes, how loud, and how that is. */
export function SoundChoice({ sound, onChange }: { sound: NotificationSound; onChange: (sound: NotificationSound) => void }) {
  const { t } = useTranslation();
  const [volume, setVolume] = useState(sound.volume);
  useEffect(() => setVolume(sound.volume), [sound.volume]);
  const hear = (wanted: NotificationSound) =>
    void play(wanted).then(
      (heard) => heard || toast(t('settings.sound.blocked')),
      () => toast(t('settings.sound.blocked')),
    );
  const pick = (name: NotificationSound['name']) => {
    onChange({ name, volume });
    hear({ name, volume });
  };
  const settle = () => volume !== sound.volume && onChange({ ...sound, volume });
  return (
    <Section title={t('settings.sound.title')} hint={t('settings.sound.hint')}>
      <div className="sound-row">
        <Select
          label={t('settings.sound.which')}
          value={sound.name}
          onChange={pick}
          items={NAMES.map((id) => ({ id, label: t(`settings.sound.name.${id}`) }))}
        />
        {sound.name === 'none' ? null : <Button onPress={() => hear({ ...sound, volume })}>{t('settings.sound.play')}</Button>}
      </div>
      {sound.name === 'none' ? null : (
        <label className="field">
          <span className="label">{t('settings.sound.volume', { percent: volume })}</span>
          <input
            className="range"
            type="range"
            min={0}
            max={100}
            step={5}
            value={volume}
            onChange={(event) => setVolume(Number(event.target.value))}
            onPointerUp={settle}
            onKeyUp={settle}
            onBlur={settle}
          />
        </label>
      )}
    </Section>
  );
}
