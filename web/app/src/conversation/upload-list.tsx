import { Icon, IconButton, Progress } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import type { Upload } from './uploads';

/** The files beside a text: on their way, arrived, or stopped. */
export function UploadList({ items, onRemove, onRetry }: { items: readonly Upload[]; onRemove: (key: string) => void; onRetry: (key: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const beside = items.filter((one) => !one.inline);
  if (beside.length === 0) return null;
  return (
    <ul className="comp-files" aria-label={t('app.composer.attachments')}>
      {beside.map((one) => (
        <li className="upl" key={one.key} data-failed={one.failed || undefined}>
          <Icon name={one.failed ? 'alert' : 'file'} />
          <span className="t1" title={one.name}>
            {one.name} <span className="faint">{one.failed ? t('app.composer.upload_failed') : format.size(one.size)}</span>
          </span>
          <span className="upl-act">
            {one.failed ? (
              <IconButton icon="refresh" size="s" tip={false} label={t('app.composer.upload_again', { name: one.name })} onPress={() => onRetry(one.key)} />
            ) : null}
            <IconButton icon="x" size="s" tip={false} label={t('app.composer.remove', { name: one.name })} onPress={() => onRemove(one.key)} />
          </span>
          {one.attachment || one.failed ? null : <Progress value={one.progress} label={one.name} />}
        </li>
      ))}
    </ul>
  );
}
