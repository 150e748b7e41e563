import { Banner, Button, CopyButton, Dialog } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { generalText } from '../../form/problems';
import { useRotateSecret } from './queries';

/** Makes the secret that a site signs its customers' identities with, and shows it this once. */
export function Secret({ inbox, exists }: { inbox: string; exists: boolean }) {
  const { t } = useTranslation();
  const rotate = useRotateSecret(inbox);
  const [asking, setAsking] = useState(false);
  const made = rotate.data?.secret;
  const make = () => rotate.mutate(undefined, { onSettled: () => setAsking(false) });
  return (
    <>
      {rotate.error ? <Banner tone="bad">{generalText(t, rotate.error)}</Banner> : null}
      <Button icon="lock" isPending={rotate.isPending} onPress={() => (exists ? setAsking(true) : make())}>
        {t(exists ? 'chat.widget.secret_new' : 'chat.widget.secret_make')}
      </Button>
      {asking ? (
        <Dialog
          title={t('chat.widget.secret_new')}
          isOpen
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="quiet" onPress={() => setAsking(false)}>
                {t('app.cancel')}
              </Button>
              <Button kind="danger" isPending={rotate.isPending} onPress={make}>
                {t('chat.widget.secret_new')}
              </Button>
            </>
          }
        >
          <p className="dim">{t('chat.widget.secret_warning')}</p>
        </Dialog>
      ) : null}
      {made ? (
        <Dialog
          title={t('chat.widget.secret_made')}
          isOpen
          onClose={() => rotate.reset()}
          actions={
            <Button kind="quiet" onPress={() => rotate.reset()}>
              {t('settings.tokens.copied_it')}
            </Button>
          }
        >
          <p className="dim">{t('chat.widget.secret_once')}</p>
          <div className="secret">
            <code>{made}</code>
            <div>
              <CopyButton kind="primary" text={made} label={t('settings.tokens.copy')} doneLabel={t('form.copied')} />
            </div>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
