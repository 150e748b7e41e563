import type { MenuGroup } from '@ui';
import { useTranslation } from 'react-i18next';
import { snoozePresets } from '../i18n/format';
import { useFormat } from '../i18n/use-format';

/** Times to send at, for a menu. */
export function useTimeGroups(onPick: (at: Date) => void, onCustom: () => void): MenuGroup[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      id: 'later',
      title: t('app.later.title'),
      items: [
        ...snoozePresets(format.now).map((preset) => ({
          id: `later:${preset.id}`,
          label: t(`app.snooze.${preset.id}`),
          icon: 'clock' as const,
          hint: format.coming(preset.at),
          onAction: () => onPick(preset.at),
        })),
        { id: 'later:custom', label: t('app.later.custom'), icon: 'clock' as const, onAction: onCustom },
      ],
    },
  ];
}
