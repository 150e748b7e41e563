import type { Message } from '@api';
import { Button, Dialog, Skeleton } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useWork } from '../work/state';
import { useVersions } from './queries';

const close = () => useWork.getState().show(null);

/** How a note read before its author mended it. */
export default function Versions({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const format = useFormat();
  const versions = useVersions(m.id).data;
  return (
    <Dialog title={t('work.redact.versions_title')} isOpen onClose={close} actions={<Button onPress={close}>{t('app.close')}</Button>}>
      {versions ? null : <Skeleton width="70%" />}
      {versions?.map((one) => (
        <section key={one.written_at} className="side-passed">
          <p className="small dim">{format.exact(one.written_at)}</p>
          <p className="note-text">{one.text}</p>
        </section>
      ))}
    </Dialog>
  );
}
