import { Avatar } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useShell } from '../shell/state';
import { NOBODY } from './use-send';

/** Who else is looking at this conversation. */
export function Here({ conversation }: { conversation: string }) {
  const { t } = useTranslation();
  const present = useShell((s) => s.presence[conversation] ?? NOBODY);
  const now = useFormat().now.getTime();
  const fresh = present.filter((one) => now - one.at < 60_000);
  const first = fresh[0];
  if (!first) return null;
  const typing = fresh.find((one) => one.state === 'typing');
  return (
    <span className="here" role="status">
      <Avatar name={first.name} seed={first.id} size={20} />
      <span className="t1">{typing ? t('app.composer.typing', { name: typing.name }) : t('app.composer.here', { name: first.name, count: fresh.length })}</span>
    </span>
  );
}
