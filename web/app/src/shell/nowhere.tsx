import { Button, Empty } from '@ui';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Picture } from '../conversation/picture';

/** An address that leads nowhere, and the way back. */
export default function Nowhere() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <main className="col main" id="main" tabIndex={-1}>
      <div className="pane-empty">
        <Empty
          picture={<Picture />}
          title={t('app.nowhere.title')}
          action={
            <Button kind="primary" onPress={() => void navigate('/')}>
              {t('app.nowhere.home')}
            </Button>
          }
        >
          {t('app.nowhere.text')}
        </Empty>
      </div>
    </main>
  );
}
