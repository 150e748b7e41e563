import { useEffect, useState } from 'preact/hooks';
import { ask } from './api';
import type { Letter } from './outbox';
import { Icon } from './parts';
import { Plain, Rich } from './safe';
import type { FileRef, Message } from './types';
import { again } from './verbs';
import { bytes, clock, t } from './words';

const PREVIEWED = /^image\/(png|jpeg|gif|webp|avif)$/;
const urls = new Map<string, Promise<string>>();

/** A file of ours as an address in this page; files need the visitor's token, so a plain link cannot fetch them. */
function urlOf(id: string): Promise<string> {
  let url = urls.get(id);
  if (!url) {
    url = ask('GET', `/files/${id}`)
      .then((response) => response.blob())
      .then((blob) => URL.createObjectURL(blob));
    url.catch(() => urls.delete(id));
    urls.set(id, url);
  }
  return url;
}

function File({ file }: { file: FileRef }) {
  const isPicture = PREVIEWED.test(file.content_type) && file.size < 8_000_000;
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (isPicture) urlOf(file.id).then(setUrl, () => setFailed(true));
  }, [file.id, isPicture]);
  const save = () =>
    urlOf(file.id).then(
      (href) => {
        const link = document.createElement('a');
        link.href = href;
        link.download = file.name;
        link.click();
      },
      () => setFailed(true),
    );
  if (isPicture && !failed)
    return (
      <button type="button" class="pic" onClick={save} aria-label={t('save_file', { name: file.name })} title={file.name}>
        {url ? <img src={url} alt="" /> : null}
      </button>
    );
  return (
    <button type="button" class="file" onClick={save} aria-label={t('save_file', { name: file.name })}>
      <Icon name="file" />
      <span class="grow">
        <b class="t1">{file.name}</b>
        <span class="dim">{failed ? t('file_failed') : bytes(file.size)}</span>
      </span>
      <Icon name="down" size={16} />
    </button>
  );
}

/** A picture in the text of a message. */
export const picture = (id: string, alt: string) => <Inline id={id} alt={alt} />;
function Inline({ id, alt }: { id: string; alt: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    urlOf(id).then(setUrl, () => {});
  }, [id]);
  return url ? <img class="inline" src={url} alt={alt} /> : null;
}

const isInCard = ({ interactive: offered }: Message, id: string) => offered?.kind === 'cards' && offered.cards.some((card) => card.picture === id);

/** One message, with the line that says whose it is where that is news. */
export function Bubble({ message, isFirst, mark }: { message: Message; isFirst: boolean; mark: 'sent' | 'seen' | null }) {
  if (message.from === 'system') return <p class="sys">{message.text}</p>;
  const mine = message.from === 'customer';
  return (
    <div class={mine ? 'msg me' : 'msg us'} data-id={message.id}>
      {isFirst && !mine && (
        <p class="by">
          {message.name ?? t('team')} · {clock(message.at)}
        </p>
      )}
      {(message.text || message.html) && (
        <div class="bub">
          {mine && <span class="sr">{t('you')}: </span>}
          {message.html && !mine ? <Rich html={message.html} picture={picture} /> : <Plain text={message.text} />}
        </div>
      )}
      {message.files
        .filter((file) => !file.inline || !(message.html?.includes(file.id) || isInCard(message, file.id)))
        .map((file) => (
          <File key={file.id} file={file} />
        ))}
      {mark && (
        <p class="mark">
          <Icon name={mark === 'seen' ? 'checks' : 'check'} size={14} />
          {t(mark === 'seen' ? 'seen' : 'sent', { time: clock(message.at) })}
        </p>
      )}
    </div>
  );
}

/** One that is still here: on its way, or refused. */
export function Waiting({ letter, live, onEdit }: { letter: Letter; live: boolean; onEdit: (letter: Letter) => void }) {
  return (
    <div class="msg me" data-key={letter.key}>
      {letter.text && (
        <div class="bub pale">
          <Plain text={letter.text} />
        </div>
      )}
      {letter.files.map((file) => (
        <span key={file.id} class="file">
          <Icon name="file" />
          <b class="t1">{file.name}</b>
        </span>
      ))}
      {letter.refused ? (
        <p class="mark bad">
          <Icon name="alert" size={14} />
          <span>{letter.refused}</span>
          <button type="button" class="link" onClick={() => again(letter.key)}>
            {t('try_again')}
          </button>
          <button type="button" class="link" onClick={() => onEdit(letter)}>
            {t('edit')}
          </button>
        </p>
      ) : (
        <p class="mark">
          <Icon name="clock" size={14} />
          {t(live ? 'sending' : 'kept')}
        </p>
      )}
    </div>
  );
}
