import { Keys } from '@ui';
import { useTranslation } from 'react-i18next';

/** Which keys work in a list that one types in. */
export function PaletteFoot({ enter, more }: { enter: string; more?: string }) {
  const { t } = useTranslation();
  return (
    <div className="pal-ft" aria-hidden="true">
      <span>
        <Keys keys="ArrowUp ArrowDown" /> {t('app.palette.choose')}
      </span>
      <span>
        <Keys keys="Enter" /> {enter}
      </span>
      <span>
        <Keys keys="Escape" /> {t('app.palette.close')}
      </span>
      {more ? <span>{more}</span> : null}
    </div>
  );
}
