import type { ConversationDetail } from '@api';
import { Banner, Button, Dialog } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useNames } from '../people/queries';
import { useMay } from '../session/queries';
import { useShelf } from './shelf';

/** Stands where one would answer, when the conversation lies in the trash or in spam. */
export function ShelfBanner({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNames();
  const shelf = useShelf();
  const mayRestore = useMay('conversation.write');
  const mayPurge = useMay('conversation.purge');
  const [asking, setAsking] = useState(false);
  if (!c.shelf) return null;
  const { kind, by, at, purged_at } = c.shelf;
  const who = by ? (nameOf(by) ?? '') : '';
  const words =
    kind === 'spam'
      ? by
        ? t('work.shelf.spam.by', { who, when: format.thread(at) })
        : t('work.shelf.spam.blocked')
      : t('work.shelf.trash.by', { who, when: format.thread(at) });
  return (
    <>
      <Banner
        icon={kind === 'trash' ? 'trash' : 'alert'}
        action={
          <span className="shelf-acts">
            {kind === 'trash' && mayPurge ? (
              <Button kind="quiet" onPress={() => setAsking(true)}>
                {t('work.shelf.purge')}
              </Button>
            ) : null}
            {mayRestore ? (
              <Button icon="undo" onPress={() => shelf.restore(c)}>
                {t(`work.shelf.${kind}.restore`)}
              </Button>
            ) : null}
          </span>
        }
      >
        {words} {purged_at ? t('work.shelf.trash.until', { when: format.coming(purged_at) }) : null}
      </Banner>
      <Dialog
        title={t('work.shelf.purge_title')}
        isOpen={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="quiet" onPress={() => setAsking(false)}>
              {t('app.cancel')}
            </Button>
            <Button
              kind="danger"
              onPress={() => {
                setAsking(false);
                void shelf.purge(c);
              }}
            >
              {t('work.shelf.purge')}
            </Button>
          </>
        }
      >
        <p>{t('work.shelf.purge_text', { number: c.number })}</p>
      </Dialog>
    </>
  );
}
