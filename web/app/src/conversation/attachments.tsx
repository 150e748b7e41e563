import type { Attachment } from '@api';
import { Icon, type IconName } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { fileUrl, type PreviewKind, previewKind, shownUrl } from './files';

const Lightbox = lazy(() => import('./lightbox'));

export const FILE_ICONS: Record<Exclude<PreviewKind, 'picture'>, IconName> = { pdf: 'file', audio: 'chat', video: 'image', text: 'list' };

/** Opens files large; `at` is which of those that can be looked at. */
export function usePreview(items: readonly Attachment[]) {
  const [at, setAt] = useState<number | null>(null);
  const shown = items.filter((one) => previewKind(one) !== null);
  return {
    open: (one: Attachment) => setAt(shown.findIndex((other) => other.id === one.id)),
    lightbox:
      at === null ? null : (
        <Suspense>
          <Lightbox items={shown} at={at} onMove={setAt} onClose={() => setAt(null)} />
        </Suspense>
      ),
  };
}

/** What came with a message: pictures as thumbnails, everything that can be looked at opens large, the rest is there to take. */
export function Attachments({ items }: { items: readonly Attachment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const visible = items.filter((one) => !one.inline);
  const { open, lightbox } = usePreview(visible);
  if (visible.length === 0) return null;
  return (
    <div className="files">
      {visible.map((one) => {
        const kind = previewKind(one);
        const words = (
          <span>
            <b className="strong t1">{one.filename}</b>
            <span className="faint">{format.size(one.size)}</span>
          </span>
        );
        if (kind === 'picture')
          return (
            <RawButton key={one.id} className="thumb" aria-label={t('app.attachment.open', { name: one.filename })} onPress={() => open(one)}>
              <img src={shownUrl(one)} alt="" loading="lazy" decoding="async" />
            </RawButton>
          );
        if (kind)
          return (
            <RawButton key={one.id} className="fileb" onPress={() => open(one)}>
              <Icon name={FILE_ICONS[kind]} size={20} />
              {words}
            </RawButton>
          );
        return (
          <a key={one.id} className="fileb" href={fileUrl(one)} download={one.filename} title={t('app.attachment.download', { name: one.filename })}>
            <Icon name="file" size={20} />
            {words}
          </a>
        );
      })}
      {lightbox}
    </div>
  );
}
