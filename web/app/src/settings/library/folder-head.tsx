import type { Folder } from '@api';
import { IconButton, Menu, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { fieldText, generalText } from '../../form/problems';
import { useDeleteFolder, useRenameFolder } from '../../library/queries';
import { RemoveDialog } from '../remove-dialog';

/** The head of a folder: its name, and a menu to rename or delete it. */
export function FolderHead({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const rename = useRenameFolder();
  const removal = useDeleteFolder();
  const [name, setName] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const close = () => {
    rename.reset();
    setName(null);
  };
  const save = () => {
    if (!name?.trim()) return;
    if (name.trim() === folder.name) return close();
    rename.mutate(
      { id: folder.id, name: name.trim() },
      {
        onSuccess: () => {
          toast(t('settings.saved'));
          close();
        },
      },
    );
  };
  return (
    <div className="folder-head">
      <h2>{folder.name}</h2>
      <Menu
        label={t('library.folder.menu', { name: folder.name })}
        groups={[
          {
            id: 'folder',
            items: [
              { id: 'rename', label: t('library.folder.rename'), icon: 'pen', onAction: () => setName(folder.name) },
              { id: 'delete', label: t('library.folder.delete'), icon: 'trash', onAction: () => setRemoving(true) },
            ],
          },
        ]}
      >
        <IconButton icon="dots" size="s" label={t('library.folder.menu', { name: folder.name })} tip={false} />
      </Menu>
      {name !== null ? (
        <FormDialog
          title={t('library.folder.rename')}
          isPending={rename.isPending}
          problem={generalText(t, rename.error) ?? undefined}
          onSubmit={save}
          onClose={close}
        >
          <TextInput
            label={t('library.folder.name')}
            value={name}
            onChange={setName}
            autoFocus
            error={name.trim() ? fieldText(t, rename.error, 'name') : t('library.name_missing')}
          />
        </FormDialog>
      ) : null}
      <RemoveDialog
        item={removing ? folder : null}
        removal={removal}
        words={{
          title: (one) => t('library.folder.delete_title', { name: one.name }),
          text: t('library.folder.delete_text'),
          done: (one) => t('library.folder.deleted', { name: one.name }),
          action: t('library.folder.delete'),
        }}
        onClose={() => setRemoving(false)}
      />
    </div>
  );
}
