import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/** From customers to companies and back. */
export function PeopleTabs({ current }: { current: 'customers' | 'companies' }) {
  const { t } = useTranslation();
  return (
    <nav className="people-tabs" aria-label={t('app.nav.customers')}>
      {(['customers', 'companies'] as const).map((one) => (
        <Link key={one} to={`/${one}`} aria-current={current === one ? 'page' : undefined}>
          {t(`app.nav.${one}`)}
        </Link>
      ))}
    </nav>
  );
}
