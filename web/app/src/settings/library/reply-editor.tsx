import type { Attachment, NewSavedReply, SavedReply, SavedReplyText } from '@api';
import { Button, Icon, IconButton, Menu, toast } from '@ui';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { EditorHandle } from '../../conversation/editor';
import { useUploads } from '../../conversation/uploads';
import { fieldText } from '../../form/problems';
import { useSavedReply, useSaveReply } from '../../library/queries';
import { useMe } from '../../session/queries';
import { Broken } from '../../shell/broken';
import { problemText } from '../../shell/problem-text';
import { CardForm, useCard } from './card-form';
import { TemplateField, TemplatePreview } from './parts';

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
  const me = useMe();
  const save = useSaveReply();
  const card = useCard<Pick<NewSavedReply, 'texts' | 'attachment_ids'>>(reply, '/settings/replies', save);
  const { locked, tried } = card;
  const [texts, setTexts] = useState<SavedReplyText[]>(reply?.texts ?? [{ language: me.workspace.language, html: '' }]);
  const [language, setLanguage] = useState(texts[0]?.language ?? 'en');
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
  const show = (next: string) => {
    setLanguage(next);
    editor.current?.setHtml(texts.find((one) => one.language === next)?.html ?? '');
  };
  const store = () => {
    const written = texts.filter((one) => one.html !== '');
    const attachment_ids = uploads.items.flatMap((one) => (one.attachment ? [one.attachment.id] : []));
    card.store(written.length > 0 ? { texts: written, attachment_ids } : null);
  };
  return (
    <CardForm kind="reply" of={card} onStore={store}>
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
    </CardForm>
  );
}
