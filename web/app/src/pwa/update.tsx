import { Banner, Button } from '@ui';
import { useTranslation } from 'react-i18next';
import { takeUpdate, useUpdate } from './register';

/** Says that a newer version is there, and takes it when asked to. What is being written is kept as a draft. */
export function UpdatePrompt() {
  const { t } = useTranslation();
  const ready = useUpdate((s) => s.ready !== null);
  if (!ready) return null;
  return (
    <div role="status">
      <Banner
        icon="refresh"
        tone="info"
        action={
          <Button kind="link" onPress={takeUpdate}>
            {t('app.update.reload')}
          </Button>
        }
      >
        {t('app.update.text')}
      </Banner>
    </div>
  );
}
