import type { Attachment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Icon, IconButton } from '@ui';
import { useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { fileUrl, previewKind, shownUrl } from './files';

export interface LightboxProps {
  /** What one can go through; each can be looked at. */
  items: readonly Attachment[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

/** Files large, above everything: pictures, sound, films, texts. Arrow keys go on and back. */
export default function Lightbox({ items, at, onMove, onClose }: LightboxProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const one = items[at];
  const many = items.length > 1;
  const step = (by: 1 | -1) => onMove((at + by + items.length) % items.length);
  const stepNow = useRef(step);
  stepNow.current = step;
  useEffect(() => {
    if (!many) return;
    const onKey = (event: KeyboardEvent) => {
      // In a player the arrows wind.
      if (event.target instanceof HTMLElement && event.target.closest('audio, video, pre')) return;
      if (event.key === 'ArrowRight') stepNow.current(1);
      else if (event.key === 'ArrowLeft') stepNow.current(-1);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [many]);
  if (!one) return null;
  return (
    <ModalOverlay className="scrim" isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="lb-modal">
        <Dialog aria-label={one.filename} className="lb">
          <div className="lb-show">
            <Shown key={one.id} file={one} />
          </div>
          <div className="toast lb-bar">
            {many ? <IconButton icon="left" label={t('app.preview.previous')} tip={false} onPress={() => step(-1)} /> : null}
            {many ? <IconButton icon="right" label={t('app.preview.next')} tip={false} onPress={() => step(1)} /> : null}
            <span className="t1 grow">
              {one.filename} · {format.size(one.size)}
              {many ? ` · ${t('app.preview.of', { n: at + 1, total: items.length })}` : ''}
            </span>
            <a className="ib" href={fileUrl(one)} download={one.filename} aria-label={t('app.attachment.download', { name: one.filename })}>
              <Icon name="download" />
            </a>
            <IconButton icon="x" label={t('app.close')} tip={false} onPress={onClose} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Shown({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const fail = () => setFailed(true);
  if (failed) return <p className="lb-card">{t('app.preview.failed')}</p>;
  switch (previewKind(file)) {
    case 'picture':
      return <img className="lightbox" src={shownUrl(file)} alt={file.filename} onError={fail} />;
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: what customers send has none
      return <video className="lightbox" src={shownUrl(file)} controls preload="metadata" aria-label={file.filename} onError={fail} />;
    case 'audio':
      return (
        <div className="lb-card">
          {/* biome-ignore lint/a11y/useMediaCaption: what customers send has none */}
          <audio src={shownUrl(file)} controls preload="metadata" aria-label={file.filename} onError={fail} />
        </div>
      );
    case 'pdf':
      return (
        <div className="lb-card">
          <Icon name="file" size={28} />
          <p>{t('app.preview.pdf')}</p>
          <Button kind="primary" icon="out" onPress={() => window.open(shownUrl(file), '_blank', 'noopener')}>
            {t('app.preview.open_pdf')}
          </Button>
        </div>
      );
    case 'text':
      return <Words file={file} />;
    default:
      return <p className="lb-card">{t('app.preview.failed')}</p>;
  }
}

/** So much of a text is read. */
const MOST = 200_000;

function Words({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const text = useQuery({
    queryKey: ['file-text', file.id],
    retry: false,
    queryFn: async ({ signal }) => {
      const answer = await fetch(shownUrl(file), { headers: file.size > MOST ? { range: `bytes=0-${MOST - 1}` } : {}, credentials: 'same-origin', signal });
      // Only what the server looked at and calls a text.
      if (!answer.ok || !answer.headers.get('content-type')?.startsWith('text/plain')) throw new Error('not a text');
      return answer.text();
    },
  });
  if (text.isError) return <p className="lb-card">{t('app.preview.failed')}</p>;
  if (text.data === undefined) return <p className="lb-card">{t('app.preview.loading')}</p>;
  return (
    <div className="lb-text">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <pre tabIndex={0}>{text.data}</pre>
      {file.size > MOST ? <p className="small dim">{t('app.preview.cut')}</p> : null}
    </div>
  );
}
