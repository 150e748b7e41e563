import type { Tag, TagColor } from '@api';
import { IconButton, TagSquare, TextInput } from '@ui';
import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { fieldText, generalText } from '../../form/problems';
import { useCreateTag, useDeleteTag, useTags, useUpdateTag } from '../../people/queries';
import { FormDialog } from '../form-dialog';
import { Entries, Entry, ListPage } from '../list-page';
import { RemoveDialog } from '../remove-dialog';

const COLORS: TagColor[] = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];

const NEW: Partial<Tag> = {};

/** The words that conversations are marked with. */
export default function Tags() {
  const { t } = useTranslation();
  const tags = useTags();
  const remove = useDeleteTag();
  const [editing, setEditing] = useState<Tag | null>(null);
  const [leaving, setLeaving] = useState<Tag | null>(null);
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
              text: t('settings.tags.remove_text'),
              done: ({ name }) => t('settings.tags.removed', { name }),
            }}
            onClose={() => setLeaving(null)}
          />
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
                    <IconButton icon="trash" label={t('settings.tags.remove', { name: tag.name })} onPress={() => setLeaving(tag)} />
                  </>
                }
              />
            ))}
        </Entries>
      )}
    </ListPage>
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
      <TextInput
        label={t('form.name')}
        value={name}
        onChange={setName}
        autoFocus
        autoComplete="off"
        error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, error, 'name')}
      />
      <RadioGroup className="field" value={color} onChange={(next) => setColor(next as TagColor)} orientation="horizontal">
        <Label className="label">{t('settings.tags.color.label')}</Label>
        <div className="color-grid">
          {COLORS.map((one) => (
            <Radio key={one} value={one}>
              <TagSquare color={one} />
              {t(`settings.tags.color.${one}`)}
            </Radio>
          ))}
        </div>
      </RadioGroup>
    </FormDialog>
  );
}
