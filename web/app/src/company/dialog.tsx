import '../settings/settings.css';
import type { Company } from '@api';
import { Problem } from '@api';
import { TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form/dialog';
import { fieldText, generalText } from '../form/problems';
import { useSaveCompany } from './queries';

/** Makes or changes a company. */
export function CompanyDialog({ company, onClose, onSaved }: { company?: Company; onClose: () => void; onSaved: (company: Company) => void }) {
  const { t } = useTranslation();
  const save = useSaveCompany();
  const [name, setName] = useState(company?.name ?? '');
  const [domains, setDomains] = useState(company?.domains.join(', ') ?? '');
  const [external, setExternal] = useState(company?.external_id ?? '');
  const [tried, setTried] = useState(false);
  const general = generalText(t, save.error, ['name', 'domains', 'external_id']);
  const conflict = save.error instanceof Problem && save.error.code === 'conflict';
  /** Why a domain does not do: in the reader's words where there are some. */
  const wrongDomain = () => {
    const found = save.error instanceof Problem ? save.error.errors.find((one) => one.field === 'domains') : undefined;
    if (!found) return undefined;
    if (found.code === 'free_mail') return t('company.wrong.free_mail');
    if (found.code === 'taken') return t('company.wrong.domain_taken');
    return found.code === 'invalid' ? t('company.wrong.domain') : fieldText(t, save.error, 'domains');
  };
  const submit = () => {
    setTried(true);
    if (!name.trim()) return;
    const form = { name: name.trim(), domains: domains.split(/[\s,;]+/).filter(Boolean), external_id: external.trim() || null };
    save.mutate(
      { ...form, id: company?.id, version: company?.version },
      {
        onSuccess: (saved) => {
          toast(t('company.saved', { name: saved.name }));
          onSaved(saved);
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={company ? t('company.edit', { name: company.name }) : t('company.new')}
      isPending={save.isPending}
      problem={conflict ? t('company.conflict') : general}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={t('form.name')}
        value={name}
        onChange={setName}
        autoFocus
        autoComplete="organization"
        error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, save.error, 'name')}
      />
      <TextInput
        label={t('company.domains')}
        value={domains}
        onChange={setDomains}
        autoComplete="off"
        placeholder={t('company.domains_example')}
        hint={t('company.domains_hint')}
        error={wrongDomain()}
      />
      <TextInput
        label={t('company.external')}
        value={external}
        onChange={setExternal}
        autoComplete="off"
        hint={t('company.external_hint')}
        error={fieldText(t, save.error, 'external_id')}
      />
    </FormDialog>
  );
}
