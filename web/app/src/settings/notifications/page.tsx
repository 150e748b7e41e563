import type { NotificationSettings } from '@api';
import { Checkbox, Skeleton, Switch, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useNotificationSettings, useSaveNotificationSettings } from '../../notification/queries';
import { KINDS } from '../../notification/words';
import { Broken } from '../../shell/broken';
import { problemText } from '../../shell/problem-text';
import { Section, SettingsPage } from '../page';
import { Devices } from './device';
import { SoundChoice } from './sound';

const WAYS = ['in_app', 'mail', 'desktop'] as const;

/** What one is told of, and how. Each change is kept at once. */
export default function Notifications() {
  const { t } = useTranslation();
  const settings = useNotificationSettings();
  const save = useSaveNotificationSettings();
  const now = save.isPending && save.variables ? save.variables : settings.data;
  const change = (next: NotificationSettings) => save.mutate(next, { onError: (error) => toast(problemText(t, error)) });
  const page = { title: t('settings.page.notifications.title'), lead: t('settings.page.notifications.lead') };
  if (settings.isError && !now)
    return (
      <SettingsPage {...page}>
        <Broken error={settings.error} onRetry={() => void settings.refetch()} />
      </SettingsPage>
    );
  if (!now)
    return (
      <SettingsPage {...page}>
        <Skeleton height={240} />
      </SettingsPage>
    );
  const quiet = now.quiet_hours;
  return (
    <SettingsPage {...page}>
      <Devices />
      <Section title={t('work.wishes.what')} hint={t('work.wishes.what_hint')}>
        <div className="wishes-at">
          <table className="wishes">
            <thead>
              <tr>
                <td />
                {WAYS.map((way) => (
                  <th key={way} scope="col">
                    {t(`work.wishes.way.${way}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {KINDS.map((kind) => (
                <tr key={kind}>
                  <th scope="row">{t(`work.wishes.kind.${kind}`)}</th>
                  {WAYS.map((way) => (
                    <td key={way}>
                      <Checkbox
                        aria-label={t('work.wishes.cell', { kind: t(`work.wishes.kind.${kind}`), way: t(`work.wishes.way.${way}`) })}
                        isSelected={now[kind][way]}
                        onChange={(on) => change({ ...now, [kind]: { ...now[kind], [way]: on } })}
                      >
                        {null}
                      </Checkbox>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <SoundChoice sound={now.sound} onChange={(sound) => change({ ...now, sound })} />
      <Section title={t('work.wishes.quiet')} hint={t('work.wishes.quiet_hint')}>
        <Switch isSelected={quiet.enabled} onChange={(enabled) => change({ ...now, quiet_hours: { ...quiet, enabled } })}>
          {t('work.wishes.quiet_on')}
        </Switch>
        {quiet.enabled ? (
          <div className="quiet-hours">
            {(['from', 'until'] as const).map((end) => (
              <label className="field" key={end}>
                <span className="label">{t(`work.wishes.${end}`)}</span>
                <input
                  className="input"
                  type="time"
                  required
                  defaultValue={quiet[end].slice(0, 5)}
                  onBlur={(event) => {
                    const value = event.target.value;
                    if (/^\d\d:\d\d$/.test(value) && `${value}:00` !== quiet[end]) change({ ...now, quiet_hours: { ...quiet, [end]: `${value}:00` } });
                  }}
                />
              </label>
            ))}
          </div>
        ) : null}
      </Section>
    </SettingsPage>
  );
}
