import type { Filter, NewView, View, ViewAudience, ViewGroup, ViewSort } from '@api';
import { Problem } from '@api';
import { Banner, Button, Dialog, Select, TextInput, toast } from '@ui';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ALL_SORTS } from '../conversation/views';
import { Form } from '../form/form';
import { NameInput } from '../form/name-input';
import { fieldText, generalText } from '../form/problems';
import { useFormat } from '../i18n/use-format';
import { useTeams } from '../people/queries';
import { useMay } from '../session/queries';
import { pathOf } from '../shell/place';
import { FilterBuilder } from './builder';
import { ColumnsControl } from './columns';
import { fromGroup, isWhole, toGroup } from './filter';
import { useDeleteView, useFilterFields, usePreview, useSavedViews, useSaveView } from './queries';
import './view.css';

const OPEN: Filter = { all: [{ field: 'status', operator: 'is_any_of', value: ['open', 'pending'] }] };

/** Makes or changes a saved view. */
export default function ViewEditor({ view, filter, onClose }: { view?: View; filter?: Filter; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const save = useSaveView();
  const remove = useDeleteView();
  const fields = useFilterFields();
  const teams = useTeams().data ?? [];
  const mayShare = useMay('view.manage');
  const folders = [...new Set((useSavedViews().data ?? []).map((one) => one.folder).filter((one) => one !== null))];
  const [name, setName] = useState(view?.name ?? '');
  const [folder, setFolder] = useState(view?.folder ?? '');
  const [audience, setAudience] = useState<ViewAudience>(view?.audience ?? { kind: 'personal' });
  const [sort, setSort] = useState<ViewSort>(view?.sort ?? 'newest');
  const [columns, setColumns] = useState<string[]>(view?.columns ?? []);
  const [divided, setDivided] = useState<ViewGroup | 'none'>(view?.group ?? 'none');
  const [group, setGroup] = useState(() => toGroup(view?.filter ?? filter ?? OPEN));
  const [tried, setTried] = useState(false);
  const whole = isWhole(group);
  const preview = usePreview(useDeferredValue(whole ? fromGroup(group) : null));
  const general = generalText(t, save.error ?? remove.error, ['name', 'folder']);

  const submit = () => {
    setTried(true);
    if (!name.trim() || !whole) return;
    const form: NewView = {
      name: name.trim(),
      folder: folder.trim() || null,
      audience,
      filter: fromGroup(group),
      sort,
      columns,
      group: divided === 'none' ? null : divided,
      position: view?.position ?? 0,
    };
    save.mutate(
      { ...form, id: view?.id, version: view?.version },
      {
        onSuccess: (saved) => {
          onClose();
          toast(t('view.saved', { name: saved.name }));
          void navigate(pathOf({ view: saved.id }));
        },
      },
    );
  };
  const found = preview.data?.items ?? [];
  const who = audience.kind === 'team' ? audience.team_id : audience.kind;
  return (
    <Dialog
      title={view ? t('view.edit', { name: view.name }) : t('view.new')}
      isOpen
      wide
      onClose={onClose}
      actions={
        <>
          {view ? (
            <Button
              kind="quiet"
              icon="trash"
              isPending={remove.isPending}
              onPress={() =>
                remove.mutate(view.id, {
                  onSuccess: () => {
                    onClose();
                    toast(t('view.deleted', { name: view.name }), {
                      undo: () =>
                        save.mutate({
                          name: view.name,
                          folder: view.folder,
                          audience: view.audience,
                          filter: view.filter,
                          sort: view.sort,
                          columns: view.columns,
                          group: view.group,
                          position: view.position,
                        }),
                    });
                    void navigate(pathOf({ view: 'all_open' }));
                  },
                })
              }
            >
              {t('view.delete')}
            </Button>
          ) : null}
          <span className="grow" />
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={save.isPending} onPress={submit}>
            {t('app.save')}
          </Button>
        </>
      }
    >
      <Form className="sec-in view-form" onSubmit={submit} error={save.error}>
        {general ? <Banner tone="bad">{save.error instanceof Problem && save.error.code === 'conflict' ? t('view.conflict') : general}</Banner> : null}
        <div className="view-pair">
          <NameInput value={name} onChange={setName} tried={tried} error={save.error} />
          <TextInput
            label={t('view.folder')}
            value={folder}
            onChange={setFolder}
            autoComplete="off"
            placeholder={folders[0] ?? t('view.folder_example')}
            error={fieldText(t, save.error, 'folder')}
          />
        </div>
        <div className="view-pair">
          <Select
            label={t('view.audience.label')}
            value={who}
            onChange={(id) => setAudience(id === 'personal' || id === 'everyone' ? { kind: id } : { kind: 'team', team_id: id })}
            isDisabled={!mayShare}
            hint={mayShare ? undefined : t('view.audience.hint')}
            items={[
              { id: 'personal', label: t('view.audience.personal'), icon: 'person' },
              ...teams.map((team) => ({ id: team.id, label: team.name, icon: 'people' as const })),
              { id: 'everyone', label: t('view.audience.everyone'), icon: 'globe' },
            ]}
          />
          <Select label={t('app.sort.label')} value={sort} onChange={setSort} items={ALL_SORTS.map((one) => ({ id: one, label: t(`app.sort.${one}`) }))} />
          <Select
            label={t('view.group.label')}
            value={divided}
            onChange={setDivided}
            items={(['none', 'assignee', 'priority', 'status', 'inbox', 'team', 'company'] as const).map((one) => ({
              id: one,
              label: one === 'none' ? t('view.group.none') : t(`view.field.${one}`),
            }))}
          />
        </div>
        {fields.data ? <FilterBuilder group={group} fields={fields.data} onChange={setGroup} /> : null}
        <ColumnsControl columns={columns} onChange={setColumns} />
        <div className="fb-found" aria-live="polite">
          {!whole ? (
            <span className={tried ? 'bad' : 'faint'}>{t('view.unfinished')}</span>
          ) : preview.isError ? (
            <span className="bad">{generalText(t, preview.error) || t('view.unreadable')}</span>
          ) : preview.data && found.length === 0 ? (
            <span className="faint">{t('view.nothing')}</span>
          ) : (
            found.map((one) => (
              <div key={one.id} className="fb-hit">
                <span className="strong t1">{one.customer.name}</span>
                <span className="t1">{one.subject || t('app.no_subject')}</span>
                <span className="faint num">{format.list(one.last_message_at)}</span>
              </div>
            ))
          )}
        </div>
      </Form>
    </Dialog>
  );
}
