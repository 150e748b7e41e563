import { type ConversationFile, get, type List } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Icon, IconButton } from '@ui';
import { memo, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { FILE_ICONS, usePreview } from '../conversation/attachments';
import { fileUrl, previewKind, shownUrl } from '../conversation/files';
import { useTimeline } from '../conversation/queries';
import { useFormat } from '../i18n/use-format';
import { useShell } from '../shell/state';

const FIRST = 4;

/** Every file of a conversation, the newest first: to look at, and to find where it was sent. */
export const Files = memo(function Files({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const files =
    useQuery({
      queryKey: ['conversation-files', conversationId],
      queryFn: () => get<List<ConversationFile>>(`/conversations/${conversationId}/attachments`).then((page) => page.items),
    }).data ?? [];
  const { open, lightbox } = usePreview(files.map((one) => one.file));
  const timeline = useTimeline(conversationId);
  if (files.length === 0) return null;

  /** Goes to the message; what is further up is fetched first. */
  const show = async (message: string) => {
    useShell.getState().setSheet(false);
    let more = timeline.hasNextPage;
    while (!document.getElementById(message) && more) {
      const { hasNextPage, isError } = await timeline.fetchNextPage();
      more = hasNextPage && !isError;
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
    const found = document.getElementById(message);
    found?.scrollIntoView({ block: 'start' });
    found?.focus({ preventScroll: true });
  };

  return (
    <section>
      <h3 className="ctx-h">
        <span>{t('app.files.title')}</span>
        {files.length > FIRST && !all ? (
          <Button kind="link" size="s" onPress={() => setAll(true)}>
            {t('app.files.all', { count: files.length })}
          </Button>
        ) : null}
      </h3>
      {(all ? files : files.slice(0, FIRST)).map(({ file, message_id, at }) => {
        const kind = previewKind(file);
        const inner = (
          <>
            {kind === 'picture' ? (
              <img className="ctx-thumb" src={shownUrl(file)} alt="" loading="lazy" decoding="async" />
            ) : (
              <span className="ctx-thumb">
                <Icon name={kind ? FILE_ICONS[kind] : 'file'} size={16} />
              </span>
            )}
            <span className="grow ctx-file">
              <span className="t1">{file.filename}</span>
              <span className="m t1">
                {format.size(file.size)} · {format.list(at)}
              </span>
            </span>
          </>
        );
        return (
          <div className="it" key={file.id}>
            {kind ? (
              <RawButton className="it grow" onPress={() => open(file)}>
                {inner}
              </RawButton>
            ) : (
              <a className="it grow" href={fileUrl(file)} download={file.filename} title={t('app.attachment.download', { name: file.filename })}>
                {inner}
              </a>
            )}
            {message_id ? (
              <IconButton icon="chat" size="s" label={t('app.files.message', { name: file.filename })} onPress={() => void show(message_id)} />
            ) : null}
          </div>
        );
      })}
      {lightbox}
    </section>
  );
});
