import type { Language } from '@api';
import { Icon, Segmented } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../form/use-title';
import { setLanguage } from '../i18n';

/** English or Korean, on pages where nobody is known yet. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <Segmented<Language>
      label={t('form.language')}
      value={i18n.language as Language}
      onChange={(language) => void setLanguage(language)}
      items={[
        { id: 'en', label: t('app.language.en') },
        { id: 'ko', label: t('app.language.ko') },
      ]}
    />
  );
}

/** One card in the middle of a quiet page: sign in, reset, invitation. */
export function EntryCard({ title, lead, children, foot }: { title: string; lead?: ReactNode; children?: ReactNode; foot?: ReactNode }) {
  useTitle(`${title} · Sonnim`);
  return (
    <div className="door">
      <main className="door-in">
        <span className="door-mark" aria-hidden="true">
          <Icon name="mark" size={26} />
        </span>
        <div>
          <h1>{title}</h1>
          {lead ? <p className="lead">{lead}</p> : null}
        </div>
        {children}
        {foot ? <div className="door-foot">{foot}</div> : null}
      </main>
      <footer>
        <LanguageSwitch />
      </footer>
    </div>
  );
}
