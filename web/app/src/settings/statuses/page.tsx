import type { CustomStatus, TagColor } from '@api';
import { Button, Checkbox, Empty, IconButton, Select, TagSquare, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { NameInput } from '../../form/name-input';
import { generalText } from '../../form/problems';
import { problemText } from '../../shell/problem-text';
import { CATEGORIES, type Category } from '../../status/groups';
import { useCreateStatus, useCustomStatuses, useOrderStatuses, useUpdateStatus } from '../../status/queries';
import { ColorChoice } from '../color-choice';
import { Entries, Entry } from '../list-page';
import { Loaded, SettingsPage } from '../page';

/** The workspace's own statuses, each inside one that Sonnim knows. */
export default function Statuses() {
  const { t } = useTranslation();
  const statuses = useCustomStatuses();
  const order = useOrderStatuses();
  const update = useUpdateStatus();
  const [editing, setEditing] = useState<CustomStatus | 'new' | null>(null);
  const [withArchived, setWithArchived] = useState(false);
  const all = statuses.data ?? [];
  const archived = all.filter((one) => one.archived_at !== null);
  const fail = { onError: (error: unknown) => toast(problemText(t, error)) };
  // Neighbours in a category change places; the others stay where they are.
  const swap = (one: CustomStatus, other: CustomStatus | undefined) => {
    if (other)
      order.mutate(
        all.map((s) => (s.id === one.id ? other : s.id === other.id ? one : s)),
        fail,
      );
  };
  const archive = (one: CustomStatus, away: boolean) =>
    update.mutate(
      { id: one.id, archived: away },
      {
        ...fail,
        onSuccess: () =>
          toast(t(away ? 'settings.statuses.archived' : 'settings.statuses.restored', { name: one.name }), {
            undo: () => update.mutate({ id: one.id, archived: !away, ...(away && one.is_default ? { is_default: true } : {}) }, fail),
            undoLabel: t('app.undo'),
          }),
      },
    );
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEditing('new')}>
      {t('settings.statuses.add')}
    </Button>
  );
  return (
    <SettingsPage title={t('settings.page.statuses.title')} lead={t('settings.page.statuses.lead')} action={all.length > 0 ? add : null}>
      <Loaded
        query={statuses}
        empty={
          <Empty icon="circle" title={t('settings.statuses.none')} action={add}>
            {t('settings.statuses.none_hint')}
          </Empty>
        }
      >
        {() =>
          CATEGORIES.map((category) => {
            const own = all.filter((one) => one.category === category && one.archived_at === null);
            return own.length === 0 ? null : (
              <section className="stack" key={category}>
                <h2 className="status-category">{t(`app.status.${category}`)}</h2>
                <Entries>
                  {own.map((one, at) => (
                    <Entry
                      key={one.id}
                      sign={<TagSquare color={one.color} />}
                      name={one.name}
                      detail={one.is_default ? t('settings.statuses.default_short') : t(`settings.tags.color.${one.color}`)}
                      acts={
                        <>
                          <IconButton
                            icon="up"
                            label={t('settings.fields.up', { name: one.name })}
                            isDisabled={at === 0}
                            onPress={() => swap(one, own[at - 1])}
                          />
                          <IconButton
                            icon="down"
                            label={t('settings.fields.down', { name: one.name })}
                            isDisabled={at === own.length - 1}
                            onPress={() => swap(one, own[at + 1])}
                          />
                          <IconButton icon="pen" label={t('settings.fields.edit', { name: one.name })} onPress={() => setEditing(one)} />
                          <IconButton icon="trash" label={t('settings.fields.archive', { name: one.name })} onPress={() => archive(one, true)} />
                        </>
                      }
                    />
                  ))}
                </Entries>
              </section>
            );
          })
        }
      </Loaded>
      {archived.length > 0 ? (
        <section className="stack">
          <Button kind="quiet" size="s" onPress={() => setWithArchived(!withArchived)}>
            {withArchived ? t('settings.fields.hide_archived') : t('settings.fields.show_archived', { count: archived.length })}
          </Button>
          {withArchived ? (
            <Entries>
              {archived.map((one) => (
                <Entry
                  key={one.id}
                  isOff
                  sign={<TagSquare color={one.color} />}
                  name={one.name}
                  detail={t(`app.status.${one.category}`)}
                  acts={<IconButton icon="undo" label={t('settings.fields.restore', { name: one.name })} onPress={() => archive(one, false)} />}
                />
              ))}
            </Entries>
          ) : null}
        </section>
      ) : null}
      {editing ? <StatusDialog status={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </SettingsPage>
  );
}

function StatusDialog({ status, onClose }: { status: CustomStatus | null; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateStatus();
  const update = useUpdateStatus();
  const [name, setName] = useState(status?.name ?? '');
  const [category, setCategory] = useState<Category>((status?.category as Category | undefined) ?? 'pending');
  const [color, setColor] = useState<TagColor>(status?.color ?? 'blue');
  const [isDefault, setDefault] = useState(status?.is_default ?? false);
  const [tried, setTried] = useState(false);
  const error = create.error ?? update.error;
  const submit = () => {
    setTried(true);
    if (!name.trim()) return;
    const form = { name: name.trim(), color, is_default: isDefault };
    if (status) update.mutate({ id: status.id, version: status.version, ...form }, { onSuccess: onClose });
    else create.mutate({ ...form, category }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={status ? t('settings.fields.edit', { name: status.name }) : t('settings.statuses.add')}
      isPending={create.isPending || update.isPending}
      problem={generalText(t, error, ['name'])}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameInput value={name} onChange={setName} tried={tried} error={error} />
      <Select
        label={t('settings.statuses.category')}
        hint={t(status ? 'settings.statuses.category_fixed' : 'settings.statuses.category_hint')}
        value={category}
        onChange={setCategory}
        isDisabled={status !== null}
        items={CATEGORIES.map((one) => ({ id: one, label: t(`app.status.${one}`) }))}
      />
      <Checkbox isSelected={isDefault} onChange={setDefault} hint={t('settings.statuses.default_hint')}>
        {t('settings.statuses.default')}
      </Checkbox>
      <ColorChoice value={color} onChange={setColor} />
    </FormDialog>
  );
}
