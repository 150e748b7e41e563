import type { Company } from '@api';
import { toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { NotesText } from '../customer/notes';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useSaveCompany } from './queries';

/** What the team should know about a company. */
export function CompanyNotes({ company }: { company: Company }) {
  const { t } = useTranslation();
  const may = useMay('company.write');
  const save = useSaveCompany();
  return (
    <NotesText
      text={company.notes}
      may={may}
      heading="h2"
      onSave={(notes, failed) =>
        save.mutate(
          { id: company.id, name: company.name, notes },
          {
            onError: (error) => {
              toast(problemText(t, error));
              failed();
            },
          },
        )
      }
    />
  );
}
