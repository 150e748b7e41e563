import { Button, Icon } from '@ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { plainText } from '../conversation/checks';
import { useOutbox } from '../conversation/outbox';
import { useFormat } from '../i18n/use-format';
import { pathOf } from '../shell/place';

/** In place of a list that cannot be loaded without a network: what was written and waits here. */
export default function OfflineStart({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = useOutbox((s) => s.items);
  return (
    <div className="offline scroll">
      <Icon name="offline" size={28} />
      <h2>{t('app.offline_start.title')}</h2>
      <p className="dim">{items.length > 0 ? t('app.offline_start.waiting', { count: items.length }) : t('app.offline_start.text')}</p>
      <ul>
        {items.map((one) => (
          <li key={one.key}>
            <Link to={pathOf({ view: 'all_open', id: one.conversation })}>
              <b className="t1">{one.written.to.map((who) => who.name || who.address).join(', ') || t(`app.offline_start.${one.written.kind}`)}</b>
              <span className="t2 dim">{plainText(one.written.html)}</span>
              <time className="faint small" dateTime={one.at}>
                {format.thread(one.at)}
              </time>
            </Link>
          </li>
        ))}
      </ul>
      <Button onPress={onRetry}>{t('app.offline.retry')}</Button>
    </div>
  );
}
