import { useQueries } from '@tanstack/react-query';
import { Icon } from '@ui';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { CompanyPicker } from './picker';
import { companyQuery } from './queries';

/** Some companies, as the value of a condition. */
export default function CompanyChoices({ chosen, label, onChange }: { chosen: readonly string[]; label: string; onChange: (value: string[]) => void }) {
  const { t } = useTranslation();
  const known = useQueries({ queries: chosen.map(companyQuery) });
  const names = known.map((one) => one.data?.name ?? (one.isError ? t('view.gone') : '…'));
  return (
    <CompanyPicker
      label={label}
      selected={chosen}
      multiple
      onPick={(id) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])}
    >
      <RawButton className="input" aria-label={`${label}: ${names.join(', ') || t('view.choose')}`}>
        <span className={names.length > 0 ? 'grow t1' : 'grow t1 faint'}>{names.join(', ') || t('view.choose')}</span>
        <Icon name="down" />
      </RawButton>
    </CompanyPicker>
  );
}
