import type { PushDevice } from '@api';
import { Banner, Button, Chip, Icon, Switch, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { NotAllowed, pushObstacle, usePushDevices, useSwitchPush } from '../../notification/push';
import { pushedFor, usePushHere } from '../../notification/push-here';
import { useMe } from '../../session/queries';
import { Broken } from '../../shell/broken';
import { problemText } from '../../shell/problem-text';
import { Section } from '../page';
import { deviceOf } from '../sessions/device';

/** Whether this device shows notifications while the app is closed, and which others do. */
export function Devices() {
  const { t } = useTranslation();
  const devices = usePushDevices();
  const { on, off } = useSwitchPush();
  const me = useMe().agent.id;
  const here = usePushHere((s) => s.on);
  const [obstacle, setObstacle] = useState(pushObstacle);
  const current = devices.data?.find((one) => one.current);
  const selected = (here || pushedFor() === me) && current !== undefined;
  const failed = (error: unknown) => {
    setObstacle(pushObstacle());
    if (!(error instanceof NotAllowed)) toast(error instanceof DOMException ? t('settings.push.failed') : (generalText(t, error) ?? problemText(t, error)));
  };
  const change = (wanted: boolean) => {
    if (wanted) on.mutate(undefined, { onSuccess: () => toast(t('settings.push.on')), onError: failed });
    else if (current) off.mutate(current, { onError: failed });
  };
  return (
    <Section title={t('settings.push.title')} hint={t('settings.push.hint')}>
      {obstacle ? <Banner tone={obstacle === 'denied' ? 'warn' : 'info'}>{t(`settings.push.${obstacle}`)}</Banner> : null}
      <Switch isSelected={selected} isDisabled={obstacle !== null || on.isPending || off.isPending || devices.isPending} onChange={change}>
        {t('settings.push.here')}
      </Switch>
      {devices.isError ? <Broken error={devices.error} onRetry={() => void devices.refetch()} /> : null}
      {devices.data && devices.data.length > 0 ? (
        <ul className="card entries" aria-label={t('settings.push.devices')}>
          {devices.data.map((one) => (
            <DeviceRow
              key={one.id}
              device={one}
              isRemoving={off.isPending && off.variables?.id === one.id}
              onRemove={() => off.mutate(one, { onSuccess: () => toast(t('settings.push.removed')), onError: failed })}
            />
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

function DeviceRow({ device, isRemoving, onRemove }: { device: PushDevice; isRemoving: boolean; onRemove: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { browser, system } = deviceOf(device.user_agent);
  const name =
    browser && system
      ? t('settings.sessions.device', { browser, system })
      : (browser ?? system ?? (device.user_agent.slice(0, 60) || t('settings.sessions.unknown')));
  return (
    <li>
      <Icon name={system === 'iPhone' || system === 'Android' ? 'phone' : 'globe'} size={20} className="faint" />
      <span className="what">
        <span className="strong">{name}</span>
        <span className="small dim wrap">
          {t('settings.sessions.since', { when: format.day(device.created_at) })}
          {device.pushed_at ? ` · ${t('settings.push.last', { when: format.ago(device.pushed_at) })}` : ''}
        </span>
      </span>
      <span className="acts-in">
        {device.current ? <Chip tone="accent">{t('settings.sessions.this')}</Chip> : null}
        <Button kind="quiet" isPending={isRemoving} onPress={onRemove} aria-label={t('settings.push.remove_named', { name })}>
          {t('settings.remove')}
        </Button>
      </span>
    </li>
  );
}
