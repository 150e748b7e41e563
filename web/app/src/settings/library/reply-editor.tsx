import { type Attachment, type NewSavedReply, Problem, type SavedReply, type SavedReplyText } from '@api';
import { Banner, Button, Icon, IconButton, Menu, TextInput, toast } from '@ui';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { EditorHandle } from '../../conversation/editor';
import { useUploads } from '../../conversation/uploads';
import { fieldText, generalText } from '../../form/problems';
import { useSavedReply, useSaveReply } from '../../library/queries';
import { useMe } from '../../session/queries';
import { Broken } from '../../shell/broken';
import { problemText } from '../../shell/problem-text';
import { SettingsPage } from '../page';
import { FolderField, TemplateField, TemplatePreview, VisibilityField } from './parts';

const LANGUAGES = ['en', 'ko', 'ja', 'zh', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'vi', 'th', 'id'];
const NO_FILES: Attachment[] = [];

/** One saved reply, or a new one. */
export default function ReplyEditor() {
  const { id } = useParams();
  const reply = useSavedReply(id === 'new' ? null : (id ?? null));
  if (id === 'new') return <Form key="new" reply={null} />;
  if (reply.isError) return <Broken error={reply.error} onRetry={() => void reply.refetch()} />;
  if (!reply.data) return <div className="col" />;
  return <Form key={`${id}:${reply.data.version}`} reply={reply.data} />;
}

function Form({ reply }: { reply: SavedReply | null }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const save = useSaveReply();
  const [name, setName] = useState(reply?.name ?? '');
  const [folder, setFolder] = useState(reply?.folder_id ?? null);
  const [visibility, setVisibility] = useState<NewSavedReply['visibility']>(reply?.visibility ?? { kind: 'everyone' });
  const [texts, setTexts] = useState<SavedReplyText[]>(reply?.texts ?? [{ language: me.workspace.language, html: '' }]);
  const [language, setLanguage] = useState(texts[0]?.language ?? 'en');
  const [tried, setTried] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const pick = useRef<HTMLInputElement>(null);
  const uploads = useUploads(
    reply?.attachments ?? NO_FILES,
    '',
    () => undefined,
    (error) => toast(problemText(t, error)),
  );
  const names = new Intl.DisplayNames([i18n.language], { type: 'language' });
  const text = texts.find((one) => one.language === language)?.html ?? '';
  const locked = reply !== null && !reply.can_change;
  const show = (next: string) => {
    setLanguage(next);
    editor.current?.setHtml(texts.find((one) => one.language === next)?.html ?? '');
  };
  const store = () => {
    setTried(true);
    const form = {
      name,
      folder_id: folder,
      visibility,
      texts: texts.filter((one) => one.html !== ''),
      attachment_ids: uploads.items.flatMap((one) => (one.attachment ? [one.attachment.id] : [])),
    };
    if (!name.trim() || form.texts.length === 0) return;
    save.mutate(reply ? { id: reply.id, version: reply.version, ...form } : form, {
      onSuccess: () => {
        toast(t('settings.saved'));
        void navigate('/settings/replies');
      },
    });
  };
  const archive = () =>
    reply &&
    save.mutate(
      { id: reply.id, archived: reply.archived_at === null },
      {
        onSuccess: () => {
          toast(t(reply.archived_at ? 'library.restored' : 'library.put_away', { name: reply.name }));
          void navigate('/settings/replies');
        },
      },
    );
  const stale = save.error instanceof Problem && save.error.code === 'conflict';
  return (
    <SettingsPage
      title={reply ? reply.name : t('library.reply.add')}
      lead={t('library.reply.lead')}
      back={{ to: '/settings/replies', label: t('settings.page.replies.title') }}
    >
      {locked ? <Banner>{t('library.locked')}</Banner> : null}
      {stale ? (
        <Banner tone="warn">{t('library.stale')}</Banner>
      ) : save.isError ? (
        <Banner tone="bad">{generalText(t, save.error) ?? problemText(t, save.error)}</Banner>
      ) : null}
      <div className="lib-edit">
        <TextInput
          label={t('library.name')}
          value={name}
          onChange={setName}
          isDisabled={locked}
          error={tried && !name.trim() ? t('library.name_missing') : fieldText(t, save.error, 'name')}
        />
        <div className="lib-langs">
          {texts.map((one) => (
            <Button
              key={one.language}
              size="s"
              kind={one.language === language ? 'primary' : 'plain'}
              aria-pressed={one.language === language}
              onPress={() => show(one.language)}
            >
              {names.of(one.language)}
            </Button>
          ))}
          <Menu
            label={t('library.reply.add_language')}
            groups={[
              {
                id: 'languages',
                items: LANGUAGES.filter((one) => !texts.some((text) => text.language === one)).map((one) => ({
                  id: one,
                  label: names.of(one) ?? one,
                  onAction: () => {
                    setTexts((all) => [...all, { language: one, html: '' }]);
                    setLanguage(one);
                    editor.current?.setHtml('');
                  },
                })),
              },
            ]}
          >
            <Button size="s" icon="plus" isDisabled={locked}>
              {t('library.reply.add_language')}
            </Button>
          </Menu>
          {texts.length > 1 && !locked ? (
            <IconButton
              icon="trash"
              size="s"
              label={t('library.reply.remove_language', { name: names.of(language) })}
              onPress={() => {
                const left = texts.filter((one) => one.language !== language);
                setTexts(left);
                setLanguage(left[0]?.language ?? 'en');
                editor.current?.setHtml(left[0]?.html ?? '');
              }}
            />
          ) : null}
        </div>
        <TemplateField
          label={t('library.reply.words')}
          lang={language}
          editor={editor}
          value={text}
          onChange={(html) => setTexts((all) => all.map((one) => (one.language === language ? { ...one, html } : one)))}
          error={tried && texts.every((one) => one.html === '') ? t('library.words_missing') : fieldText(t, save.error, 'texts.html')}
        />
        <TemplatePreview html={text} />
        <div className="field">
          <span className="label">{t('library.reply.files')}</span>
          <ul className="lib-picked">
            {uploads.items.map((one) => (
              <li key={one.key} className="chip" data-tone="line">
                <Icon name="file" size={14} /> {one.name}
                <IconButton icon="x" size="s" label={t('app.composer.remove', { name: one.name })} onPress={() => uploads.remove(one.key)} />
              </li>
            ))}
          </ul>
          <span>
            <Button size="s" icon="clip" isDisabled={locked} onPress={() => pick.current?.click()}>
              {t('app.composer.attach')}
            </Button>
          </span>
          <input
            ref={pick}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              uploads.add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </div>
        <VisibilityField value={visibility} onChange={setVisibility} />
        <FolderField value={folder} onChange={setFolder} />
        <div className="lib-tools">
          <span />
          {reply && !locked ? (
            <Button kind="quiet" onPress={archive}>
              {t(reply.archived_at ? 'library.restore' : 'library.archive')}
            </Button>
          ) : null}
          <Button kind="primary" isDisabled={locked} isPending={save.isPending} onPress={store}>
            {t('app.save')}
          </Button>
        </div>
      </div>
    </SettingsPage>
  );
}
