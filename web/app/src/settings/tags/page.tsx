import type { Tag, TagColor } from '@api';
import { Banner, Button, Dialog, Empty, IconButton, TagSquare, TextInput, toast } from '@ui';
import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { fieldText, generalText } from '../../form/problems';
import { useCreateTag, useDeleteTag, useTags, useUpdateTag } from '../../people/queries';
import { Confirm } from '../confirm';
import { Loaded, SettingsPage } from '../page';

const COLORS: TagColor[] = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];

/** The words that conversations are marked with. */
export default function Tags() {
  const { t } = useTranslation();
  const tags = useTags();
  const remove = useDeleteTag();
  const [editing, setEditing] = useState<Partial<Tag> | null>(null);
  const [leaving, setLeaving] = useState<Tag | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEditing({})}>
      {t('settings.tags.add')}
    </Button>
  );
  return (
    <SettingsPage title={t('settings.page.tags.title')} lead={t('settings.page.tags.lead')} action={tags.data?.length ? add : null}>
      <Loaded
        query={tags}
        empty={
          <Empty icon="tag" title={t('settings.tags.none')} action={add}>
            {t('settings.tags.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul className="card entries">
            {[...items]
              .sort((a, b) => a.name.localeCompare(b.name))
              .map((tag) => (
                <li key={tag.id}>
                  <TagSquare color={tag.color} />
                  <span className="what">
                    <span className="strong">{tag.name}</span>
                    <span className="small dim">{t(`settings.tags.color.${tag.color}`)}</span>
                  </span>
                  <span className="acts-in">
                    <IconButton icon="pen" label={t('settings.tags.edit', { name: tag.name })} onPress={() => setEditing(tag)} />
                    <IconButton icon="trash" label={t('settings.tags.remove', { name: tag.name })} onPress={() => setLeaving(tag)} />
                  </span>
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      {editing ? <TagDialog tag={editing} onClose={() => setEditing(null)} /> : null}
      <Confirm
        title={t('settings.tags.remove_title', { name: leaving?.name })}
        text={t('settings.tags.remove_text')}
        action={t('settings.remove')}
        isOpen={leaving !== null}
        isPending={remove.isPending}
        error={remove.error}
        onClose={() => {
          remove.reset();
          setLeaving(null);
        }}
        onDo={() =>
          leaving &&
          remove.mutate(leaving.id, {
            onSuccess: () => {
              toast(t('settings.tags.removed', { name: leaving.name }));
              setLeaving(null);
            },
          })
        }
      />
    </SettingsPage>
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
    <Dialog
      title={tag.id ? t('settings.tags.edit', { name: tag.name }) : t('settings.tags.add')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={create.isPending || update.isPending} onPress={submit}>
            {t('app.save')}
          </Button>
        </>
      }
    >
      <Form
        className="sec-in"
        onSubmit={() => {
          submit();
        }}
      >
        {general ? <Banner tone="bad">{general}</Banner> : null}
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
      </Form>
    </Dialog>
  );
}
