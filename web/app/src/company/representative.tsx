import type { Company } from '@api';
import { Select, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useAgents } from '../people/queries';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useRepresentative, useSetRepresentative } from './queries';

const NOBODY = 'nobody';

/** Who answers a company first: queues ask them before everybody else. */
export function CompanyRepresentative({ company }: { company: Company }) {
  const { t } = useTranslation();
  const may = useMay('company.write');
  const known = useRepresentative(company.id);
  const set = useSetRepresentative(company.id);
  const agents = (useAgents().data ?? []).filter((one) => (one.active && one.role !== 'viewer') || one.id === known.data);
  if (known.data === undefined) return null;
  const name = agents.find((one) => one.id === known.data)?.name;
  return (
    <section className="co-part">
      <h2 className="ctx-h">{t('company.representative')}</h2>
      {may ? (
        <Select
          label={t('company.representative')}
          hideLabel
          hint={t('company.representative_hint')}
          value={known.data ?? NOBODY}
          onChange={(id) =>
            set.mutate(id === NOBODY ? null : id, {
              onSuccess: () => toast(t('company.representative_saved')),
              onError: (error) => toast(problemText(t, error)),
            })
          }
          items={[
            { id: NOBODY, label: t('company.representative_nobody'), icon: 'x' as const },
            ...agents.map((one) => ({ id: one.id, label: one.name, icon: 'person' as const })),
          ]}
        />
      ) : (
        <p className="dim small">{name ?? t('company.representative_nobody')}</p>
      )}
    </section>
  );
}
