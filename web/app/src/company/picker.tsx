import { Picker } from '@ui';
import { type ReactElement, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCompanies } from './queries';

export interface CompanyPickerProps {
  children: ReactElement;
  label: string;
  selected: readonly string[];
  multiple?: boolean;
  onPick: (id: string) => void;
  /** Above the companies, for example "no company". */
  first?: { id: string; label: string };
  without?: string;
  onCreate?: (name: string) => void;
}

/** Companies by a few letters; there may be more than a list holds, so the server looks. */
export function CompanyPicker({ children, label, selected, multiple, onPick, first, without, onCreate }: CompanyPickerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const found = useCompanies(useDeferredValue(text), open).data?.pages[0]?.items ?? [];
  const items = found.filter((one) => one.id !== without).map((one) => ({ id: one.id, label: one.name, icon: 'building' as const, hint: one.domains[0] }));
  return (
    <Picker
      label={label}
      placeholder={t('app.company.find')}
      empty={t('app.company.none')}
      groups={[
        { id: 'first', items: first && !text ? [first] : [] },
        { id: 'all', items },
      ]}
      selected={selected}
      multiple={multiple}
      onPick={onPick}
      onSearch={setText}
      onOpenChange={setOpen}
      onCreate={onCreate}
      createLabel={(name) => t('app.company.create', { name })}
    >
      {children}
    </Picker>
  );
}
