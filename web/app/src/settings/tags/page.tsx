import type { Tag, TagColor } from '@api';
import { IconButton, Select, TagSquare, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { NameInput } from '../../form/name-input';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useCreateTag, useDeleteTag, useMergeTag, useTags, useTagUsage, useUpdateTag } from '../../people/queries';
import { useMay } from '../../session/queries';
import { ColorChoice } from '../color-choice';
import { Entries, Entry, ListPage } from '../list-page';
import { RemoveDialog } from '../remove-dialog';

const NEW: Partial<Tag> = {};

/** The words that conversations are marked with. */
export default function Tags() {
  const { t } = useTranslation();
  const tags = useTags();
  const remove = useDeleteTag();
  const [editing, setEditing] = useState<Tag | null>(null);
  const [leaving, setLeaving] = useState<Tag | null>(null);
  const [merging, setMerging] = useState<Tag | null>(null);
  const admin = useMay('workspace.manage');
  const used = useUsageWords(leaving?.id ?? null);
  return (
    <ListPage
      title={t('settings.page.tags.title')}
      lead={t('settings.page.tags.lead')}
      query={tags}
      empty={{ icon: 'tag', title: t('settings.tags.none'), hint: t('settings.tags.none_hint') }}
      add={{ label: t('settings.tags.add'), dialog: (onClose) => <TagDialog tag={NEW} onClose={onClose} /> }}
      dialogs={
        <>
          {editing ? <TagDialog tag={editing} onClose={() => setEditing(null)} /> : null}
          <RemoveDialog
            item={leaving}
            removal={remove}
            words={{
              title: ({ name }) => t('settings.tags.remove_title', { name }),
              text: [t('settings.tags.remove_text'), used.words, used.named ? t('settings.tags.remove_named') : ''].filter(Boolean).join(' '),
              done: ({ name }) => t('settings.tags.removed', { name }),
            }}
            onClose={() => setLeaving(null)}
          />
          {merging ? <MergeDialog tag={merging} others={(tags.data ?? []).filter((one) => one.id !== merging.id)} onClose={() => setMerging(null)} /> : null}
        </>
      }
    >
      {(items) => (
        <Entries>
          {[...items]
            .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
            .map((tag) => (
              <Entry
                key={tag.id}
                sign={<TagSquare color={tag.color} />}
                name={tag.name}
                detail={t(`settings.tags.color.${tag.color}`)}
                acts={
                  <>
                    <IconButton icon="pen" label={t('settings.tags.edit', { name: tag.name })} onPress={() => setEditing(tag)} />
                    {admin && items.length > 1 ? (
                      <IconButton icon="merge" label={t('settings.tags.merge', { name: tag.name })} onPress={() => setMerging(tag)} />
                    ) : null}
                    {admin ? <IconButton icon="trash" label={t('settings.tags.remove', { name: tag.name })} onPress={() => setLeaving(tag)} /> : null}
                  </>
                }
              />
            ))}
        </Entries>
      )}
    </ListPage>
  );
}

/** How much a tag is used, in a sentence. */
function useUsageWords(id: string | null): { words: string; named: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  const used = useTagUsage(id).data;
  if (!used) return { words: '', named: false };
  const { conversations, views, macros } = used;
  const what = [
    ...(conversations > 0 ? [t('settings.tags.in_conversations', { count: conversations })] : []),
    ...(views > 0 ? [t('settings.tags.in_views', { count: views })] : []),
    ...(macros > 0 ? [t('settings.tags.in_macros', { count: macros })] : []),
  ];
  return {
    words: what.length > 0 ? t('settings.tags.usage', { what: format.names(what) }) : t('settings.tags.unused'),
    named: views + macros > 0,
  };
}

function MergeDialog({ tag, others, onClose }: { tag: Tag; others: readonly Tag[]; onClose: () => void }) {
  const { t } = useTranslation();
  const merge = useMergeTag();
  const [into, setInto] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const used = useUsageWords(tag.id);
  const submit = () => {
    setTried(true);
    const target = others.find((one) => one.id === into);
    if (!target) return;
    merge.mutate(
      { id: tag.id, into: target.id },
      {
        onSuccess: () => {
          toast(t('settings.tags.merged', { name: tag.name, into: target.name }));
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('settings.tags.merge_title', { name: tag.name })}
      submit={t('settings.tags.merge_do')}
      isPending={merge.isPending}
      problem={generalText(t, merge.error)}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="dim">{t('settings.tags.merge_lead', { name: tag.name })}</p>
      <Select
        label={t('settings.tags.merge_into')}
        value={into}
        onChange={setInto}
        placeholder={t('settings.tags.merge_pick')}
        error={tried && !into ? t('settings.tags.merge_pick') : null}
        items={[...others].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })).map((one) => ({ id: one.id, label: one.name }))}
      />
      <p className="small dim">{used.words}</p>
    </FormDialog>
  );
}

function TagDialog({ tag, onClose }: { tag: Partial<Tag>; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateTag();
  const update = useUpdateTag();
  const [name, setName] = useState(tag.name ?? '');
  const [color, setColor] = useState<TagColor>(tag.color ?? 'grey');
  const [tried, setTried] = useState(false);
  const error = create.error ?? update.error;
  const general = generalText(t, error, ['name']);
  const submit = () => {
    setTried(true);
    if (!name.trim()) return;
    const form = { name: name.trim(), color };
    if (tag.id) update.mutate({ id: tag.id, ...form }, { onSuccess: onClose });
    else create.mutate(form, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={tag.id ? t('settings.tags.edit', { name: tag.name }) : t('settings.tags.add')}
      isPending={create.isPending || update.isPending}
      problem={general}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameInput value={name} onChange={setName} tried={tried} error={error} />
      <ColorChoice value={color} onChange={setColor} />
    </FormDialog>
  );
}
