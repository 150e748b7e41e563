import type { Message } from '@api';
import { Button, Dialog } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';

export interface CollisionProps {
  /** What others wrote since the writing began. */
  newer: Message[];
  /** One's own words, as HTML. */
  mine: string;
  onSend: () => void;
  onKeep: () => void;
  onView: () => void;
}

const plain = (html: string): string => {
  const body = new DOMParser().parseFromString(html.replace(/<\/(p|li|blockquote)>|<br\s*\/?>/g, '$&\n'), 'text/html').body;
  return (body.textContent ?? '').trim();
};

/** Somebody answered first. Both texts stand side by side, and nothing is sent until one has chosen. */
export function Collision({ newer, mine, onSend, onKeep, onView }: CollisionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const colleague = newer.some((m) => m.kind === 'reply');
  const first = newer[0];
  return (
    <Dialog
      title={colleague ? t('work.collision.title') : t('work.collision.customer')}
      wide
      isOpen
      onClose={onKeep}
      actions={
        <>
          <Button kind="quiet" onPress={onSend}>
            {t('work.collision.send')}
          </Button>
          <Button onPress={onKeep}>{t('work.collision.keep')}</Button>
          <Button kind="primary" onPress={onView}>
            {t('work.collision.view')}
          </Button>
        </>
      }
    >
      <p className="dim small">{t('work.collision.lead', { name: first?.author.name ?? '' })}</p>
      <div className="collision">
        <section aria-label={t('work.collision.theirs')}>
          <h3>{t('work.collision.theirs')}</h3>
          {newer.map((m) => (
            <div key={m.id} className="collision-text">
              <span className="small dim">{`${m.author.name} · ${format.thread(m.created_at)}`}</span>
              <p>{m.reply_text || m.text}</p>
            </div>
          ))}
        </section>
        <section aria-label={t('work.collision.mine')}>
          <h3>{t('work.collision.mine')}</h3>
          <div className="collision-text">
            <p>{plain(mine)}</p>
          </div>
        </section>
      </div>
    </Dialog>
  );
}
