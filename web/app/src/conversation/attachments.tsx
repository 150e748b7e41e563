import { type Attachment, apiUrl } from '@api';
import { Icon, IconButton } from '@ui';
import { useState } from 'react';
import { Dialog, Modal, ModalOverlay, Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';

const file = (one: Attachment): string => apiUrl(`/attachments/${one.id}`);
const picture = (one: Attachment): string => apiUrl(`/attachments/${one.id}`, { inline: 1 });
const isPicture = (one: Attachment): boolean => one.previewable && /^image\/(png|jpe?g|gif|webp|avif)$/.test(one.content_type);

/** What came with a message: pictures as thumbnails that open large, everything else as a file to take. */
export function Attachments({ items }: { items: readonly Attachment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState<Attachment | null>(null);
  const visible = items.filter((one) => !one.inline);
  if (visible.length === 0) return null;
  return (
    <div className="files">
      {visible.map((one) =>
        isPicture(one) ? (
          <RawButton key={one.id} className="thumb" aria-label={t('app.attachment.open', { name: one.filename })} onPress={() => setShown(one)}>
            <img src={picture(one)} alt="" loading="lazy" decoding="async" />
          </RawButton>
        ) : (
          <a key={one.id} className="fileb" href={file(one)} download={one.filename} title={t('app.attachment.download', { name: one.filename })}>
            <Icon name="file" size={20} />
            <span>
              <b className="strong t1">{one.filename}</b>
              <span className="faint">{format.size(one.size)}</span>
            </span>
          </a>
        ),
      )}
      <ModalOverlay className="scrim" isOpen={shown !== null} onOpenChange={(open) => !open && setShown(null)} isDismissable>
        <Modal>
          <Dialog aria-label={shown?.filename ?? ''}>
            {shown ? (
              <figure className="stack">
                <img className="lightbox" src={picture(shown)} alt={shown.filename} />
                <figcaption className="toast">
                  <span className="t1">
                    {shown.filename} · {format.size(shown.size)}
                  </span>
                  <a className="ib" href={file(shown)} download={shown.filename} aria-label={t('app.attachment.download', { name: shown.filename })}>
                    <Icon name="download" />
                  </a>
                  <IconButton icon="x" label={t('app.close')} tip={false} onPress={() => setShown(null)} />
                </figcaption>
              </figure>
            ) : null}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </div>
  );
}
