import type { Field } from '@api';
import { Button, Empty, Icon, IconButton, type IconName, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useArchivedFields, useFields, useOrderFields, useUpdateField } from '../../field/queries';
import { inLanguage } from '../../field/rules';
import { problemText } from '../../shell/problem-text';
import { Entries, Entry } from '../list-page';
import { Loaded, SettingsPage } from '../page';
import { FieldDialog } from './dialog';

export const ICONS: Record<Field['type']['kind'], IconName> = {
  text: 'pen',
  number: 'hash',
  money: 'tag',
  date: 'clock',
  choice: 'circlecheck',
  multi_choice: 'checks',
  checkbox: 'check',
  link: 'link',
  pattern: 'slash',
};

/** What the team wants to know of each conversation. */
export default function Fields() {
  const { t, i18n } = useTranslation();
  const fields = useFields();
  const archived = useArchivedFields().data ?? [];
  const order = useOrderFields();
  const update = useUpdateField();
  const [editing, setEditing] = useState<Field | 'new' | null>(null);
  const [withArchived, setWithArchived] = useState(false);
  const nameOf = (field: Field) => inLanguage(field.label, i18n.language);
  const fail = { onError: (error: unknown) => toast(problemText(t, error)) };
  const move = (all: Field[], at: number, by: -1 | 1) => {
    const next = [...all];
    const [field] = next.splice(at, 1);
    if (field) next.splice(at + by, 0, field);
    order.mutate(next, fail);
  };
  const archive = (field: Field, away: boolean) =>
    update.mutate(
      { id: field.id, archived: away },
      {
        ...fail,
        onSuccess: () =>
          toast(t(away ? 'settings.fields.archived' : 'settings.fields.restored', { name: nameOf(field) }), {
            undo: () => update.mutate({ id: field.id, archived: !away }, fail),
            undoLabel: t('app.undo'),
          }),
      },
    );
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEditing('new')}>
      {t('settings.fields.add')}
    </Button>
  );
  const detail = (field: Field) =>
    [t(`settings.fields.kind.${field.type.kind}`), `field.${field.key}`, field.required ? t('settings.fields.required_short') : null]
      .filter(Boolean)
      .join(' · ');
  return (
    <SettingsPage title={t('settings.page.fields.title')} lead={t('settings.page.fields.lead')} action={fields.data?.length ? add : null}>
      <Loaded
        query={fields}
        empty={
          <Empty icon="list" title={t('settings.fields.none')} action={add}>
            {t('settings.fields.none_hint')}
          </Empty>
        }
      >
        {(all) => (
          <Entries>
            {all.map((field, at) => (
              <Entry
                key={field.id}
                sign={<Icon name={ICONS[field.type.kind]} />}
                name={nameOf(field)}
                detail={detail(field)}
                acts={
                  <>
                    <IconButton icon="up" label={t('settings.fields.up', { name: nameOf(field) })} isDisabled={at === 0} onPress={() => move(all, at, -1)} />
                    <IconButton
                      icon="down"
                      label={t('settings.fields.down', { name: nameOf(field) })}
                      isDisabled={at === all.length - 1}
                      onPress={() => move(all, at, 1)}
                    />
                    <IconButton icon="pen" label={t('settings.fields.edit', { name: nameOf(field) })} onPress={() => setEditing(field)} />
                    <IconButton icon="trash" label={t('settings.fields.archive', { name: nameOf(field) })} onPress={() => archive(field, true)} />
                  </>
                }
              />
            ))}
          </Entries>
        )}
      </Loaded>
      {archived.length > 0 ? (
        <section className="stack">
          <Button kind="quiet" size="s" onPress={() => setWithArchived(!withArchived)}>
            {withArchived ? t('settings.fields.hide_archived') : t('settings.fields.show_archived', { count: archived.length })}
          </Button>
          {withArchived ? (
            <Entries>
              {archived.map((field) => (
                <Entry
                  key={field.id}
                  isOff
                  sign={<Icon name={ICONS[field.type.kind]} />}
                  name={nameOf(field)}
                  detail={detail(field)}
                  acts={<IconButton icon="undo" label={t('settings.fields.restore', { name: nameOf(field) })} onPress={() => archive(field, false)} />}
                />
              ))}
            </Entries>
          ) : null}
        </section>
      ) : null}
      {editing ? (
        <FieldDialog key={editing === 'new' ? 'new' : editing.id} field={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      ) : null}
    </SettingsPage>
  );
}
