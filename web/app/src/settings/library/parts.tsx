import '../../library/library.css';
import '../../conversation/thread.css';
import type { Visibility } from '@api';
import { Button, IconButton, Menu, Select, Skeleton, TextInput, toast } from '@ui';
import { lazy, type RefObject, Suspense, useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorHandle } from '../../conversation/editor';
import { useFields } from '../../field/queries';
import { inLanguage } from '../../field/rules';
import { Holes } from '../../library/changes';
import { useCreateFolder, useFolders, useTemplatePreview } from '../../library/queries';
import { useTeams } from '../../people/queries';
import { useMe } from '../../session/queries';
import { problemText } from '../../shell/problem-text';

const Editor = lazy(() => import('../../conversation/editor'));
const nothing = () => undefined;

/** What a template may name, with words to fall back on where the value may be missing. */
export const VARIABLES: readonly { name: string; fallback?: boolean }[] = [
  { name: 'customer.first_name', fallback: true },
  { name: 'customer.name', fallback: true },
  { name: 'customer.email' },
  { name: 'customer.language' },
  { name: 'customer.company', fallback: true },
  { name: 'agent.first_name' },
  { name: 'agent.name' },
  { name: 'conversation.number' },
  { name: 'conversation.subject' },
  { name: 'inbox.name' },
  { name: 'inbox.address' },
  { name: 'workspace.name' },
];

/** Who sees it: oneself, a team, everyone. */
export function VisibilityField({ value, onChange }: { value: Visibility; onChange: (value: Visibility) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const all = useTeams().data ?? [];
  const teams = me.permissions.includes('workspace.manage') ? all : all.filter((team) => team.member_ids.includes(me.agent.id));
  const id = value.kind === 'team' ? `team:${value.team_id}` : value.kind;
  const read = (picked: string): Visibility =>
    picked.startsWith('team:') ? { kind: 'team', team_id: picked.slice(5) } : picked === 'everyone' ? { kind: 'everyone' } : { kind: 'personal' };
  return (
    <Select
      label={t('library.visibility.label')}
      value={id}
      onChange={(picked) => onChange(read(picked))}
      items={[
        { id: 'personal', label: t('library.visibility.personal'), icon: 'person' },
        ...teams.map((team) => ({ id: `team:${team.id}`, label: t('library.visibility.team', { name: team.name }), icon: 'people' as const })),
        { id: 'everyone', label: t('library.visibility.everyone'), icon: 'globe' },
      ]}
    />
  );
}

/** One of the folders, none, or a new one. */
export function FolderField({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation();
  const folders = useFolders().data ?? [];
  const create = useCreateFolder();
  const [name, setName] = useState<string | null>(null);
  if (name !== null)
    return (
      <div className="lib-tools">
        <TextInput label={t('library.folder.new')} value={name} onChange={setName} autoFocus />
        <Button
          isDisabled={!name.trim()}
          isPending={create.isPending}
          onPress={() =>
            create.mutate(name.trim(), {
              onSuccess: (folder) => {
                onChange(folder.id);
                setName(null);
              },
              onError: (error) => toast(problemText(t, error)),
            })
          }
        >
          {t('library.folder.make')}
        </Button>
        <Button kind="quiet" onPress={() => setName(null)}>
          {t('app.cancel')}
        </Button>
      </div>
    );
  return (
    <Select
      label={t('library.folder.label')}
      value={value ?? 'none'}
      onChange={(picked) => (picked === 'new' ? setName('') : onChange(picked === 'none' ? null : picked))}
      items={[
        { id: 'none', label: t('library.folder.none') },
        ...folders.map((folder) => ({ id: folder.id, label: folder.name })),
        { id: 'new', label: t('library.folder.new'), icon: 'plus' },
      ]}
    />
  );
}

/** A rich-text field with a menu of variables. */
export function TemplateField({
  label,
  value,
  onChange,
  error,
  editor,
  lang,
}: {
  label: string;
  value: string;
  onChange: (html: string) => void;
  error?: string | null;
  editor?: RefObject<EditorHandle | null>;
  lang?: string;
}) {
  const { t, i18n } = useTranslation();
  const fields = useFields().data ?? [];
  const own = useRef<EditorHandle>(null);
  const ref = editor ?? own;
  const put = (text: string) => ref.current?.insert(text);
  return (
    <div className="field" lang={lang}>
      <span className="label">{label}</span>
      <div className="ed-field">
        <div className="ed-tools" role="toolbar" aria-label={label}>
          <IconButton icon="bold" size="s" label={t('app.composer.bold')} keys="Mod+b" onPress={() => ref.current?.bold()} />
          <IconButton icon="list" size="s" label={t('app.composer.list')} onPress={() => ref.current?.list()} />
          <span className="lib-vars">
            <Menu
              label={t('library.variable.add')}
              placement="bottom end"
              groups={[
                {
                  id: 'variables',
                  items: VARIABLES.map((one) => ({
                    id: one.name,
                    label: t(`library.variable.${one.name.replace('.', '_')}`),
                    onAction: () => put(one.fallback ? `{{ ${one.name} | default("${t('library.variable.there')}") }}` : `{{ ${one.name} }}`),
                  })),
                },
                {
                  id: 'fields',
                  items: fields.map((field) => ({
                    id: field.key,
                    label: t('library.variable.field', { name: inLanguage(field.label, i18n.language) }),
                    onAction: () => put(`{{ conversation.field.${field.key} }}`),
                  })),
                },
                {
                  id: 'hand',
                  items: [{ id: 'hand', label: t('library.variable.by_hand'), icon: 'pen', onAction: () => put(`[[ ${t('library.variable.example')} ]]`) }],
                },
              ]}
            >
              <Button size="s" icon="plus">
                {t('library.variable.add')}
              </Button>
            </Menu>
          </span>
        </div>
        <Suspense fallback={<Skeleton height={120} />}>
          <Editor
            ref={ref}
            label={label}
            placeholder={t('library.reply.placeholder')}
            initial={value}
            onChange={onChange}
            onSubmit={nothing}
            onEscape={nothing}
            onFiles={nothing}
          />
        </Suspense>
      </div>
      {error ? (
        <span className="hint" role="alert" data-tone="bad">
          {error}
        </span>
      ) : null}
    </div>
  );
}

/** How a template reads with made-up values, as one types. */
export function TemplatePreview({ html }: { html: string }) {
  const { t } = useTranslation();
  const preview = useTemplatePreview(useDeferredValue(html));
  return (
    <section className="lib-card" aria-live="polite">
      <h3>{t('library.preview')}</h3>
      {preview.isError ? (
        <p role="alert">{problemText(t, preview.error)}</p>
      ) : preview.data && html ? (
        <>
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the server */}
          <div className="txt" dangerouslySetInnerHTML={{ __html: preview.data.html }} />
          <Holes missing={preview.data.missing} placeholders={preview.data.placeholders} />
        </>
      ) : (
        <p className="faint">{t('library.preview_empty')}</p>
      )}
    </section>
  );
}
