import { type ComponentType, createRef } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Refusal, upload } from './api';
import { sentence, tell } from './core';
import { draftName, draftOf, keepDraft } from './draft';
import { keep } from './keep';
import { Icon, IconButton } from './parts';
import type { FileRef, Settings } from './types';
import { session, typed } from './verbs';
import { bytes, t } from './words';

/** A file on its way up, or there. */
interface Going {
  key: number;
  name: string;
  size: number;
  part: number;
  file: FileRef | null;
  error: string | null;
  source: File | null;
  stop: AbortController;
}

const MOST = 10;
const LONGEST = 10_000;
const isTouch = matchMedia('(pointer: coarse)').matches;
let count = 0;

/** Fills the composer from elsewhere: a letter that is taken back. */
export const inject: { current: ((text: string, files: FileRef[]) => void) | null } = { current: null };

interface Props {
  conversation: string | null;
  settings: Settings;
  placeholder: string;
  /** False: something else wants an answer first. */
  onSend: (text: string, files: FileRef[]) => boolean;
}

export function Composer({ conversation, settings, placeholder, onSend }: Props) {
  const name = draftName(conversation);
  const [text, setText] = useState(() => draftOf(name).text);
  const [going, setGoing] = useState<Going[]>(() =>
    draftOf(name).files.map((file) => ({
      key: ++count,
      name: file.name,
      size: file.size,
      part: 1,
      file,
      error: null,
      source: null,
      stop: new AbortController(),
    })),
  );
  const [over, setOver] = useState(false);
  const [Picker, setPicker] = useState<ComponentType<{ onPick: (emoji: string) => void; onClose: () => void }> | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [files] = useState(createRef<HTMLInputElement>);
  const [camera] = useState(createRef<HTMLInputElement>);
  const ready = going.flatMap((one) => (one.file ? [one.file] : []));
  const isBusy = going.some((one) => !one.file && !one.error);
  const canSend = (text.trim() !== '' || ready.length > 0) && !isBusy;

  // The conversation that one writes in has just come to be: what is being written goes along.
  const before = useRef(name);
  useEffect(() => {
    if (before.current !== name) keep.set(before.current, null);
    before.current = name;
    keepDraft(name, { text, files: ready });
  });
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
  });
  useEffect(() => {
    if (!isTouch) field.current?.focus();
  }, []);
  useEffect(() => {
    inject.current = (more, refs) => {
      setText((now) => [now, more].filter(Boolean).join('\n'));
      setGoing((now) => [
        ...now,
        ...refs.map((file) => ({ key: ++count, name: file.name, size: file.size, part: 1, file, error: null, source: null, stop: new AbortController() })),
      ]);
      field.current?.focus();
    };
    return () => {
      inject.current = null;
    };
  }, []);

  const change = (key: number, patch: Partial<Going>) => setGoing((all) => all.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  const send = async (one: Going) => {
    if (!one.source) return;
    change(one.key, { error: null, part: 0 });
    try {
      if (!keep.get('token')) await session();
      change(one.key, { file: await upload(one.source, (part) => change(one.key, { part }), one.stop.signal), part: 1 });
    } catch (error) {
      if (!one.stop.signal.aborted) change(one.key, { error: error instanceof Refusal && error.status === 0 ? t('file_offline') : sentence(error) });
    }
  };
  const take = (list: Iterable<File> | null | undefined) => {
    if (!settings.files.enabled || !list) return;
    const fresh = [...list].map((source) => ({
      key: ++count,
      name: source.name,
      size: source.size,
      part: 0,
      file: null,
      error: null as string | null,
      source: source as File | null,
      stop: new AbortController(),
    }));
    const room = MOST - going.length;
    if (fresh.length > room) tell(new Refusal('too_many', 422, t('files_many', { n: MOST })));
    const taken = fresh.slice(0, Math.max(0, room));
    for (const one of taken)
      if (one.size > settings.files.max_bytes) {
        one.error = t('file_large', { size: bytes(settings.files.max_bytes) });
        one.source = null;
      }
    setGoing((all) => [...all, ...taken]);
    for (const one of taken) void send(one);
  };
  const chosen = ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
    take(input.files);
    // The same file may be chosen again.
    input.value = '';
  };
  const remove = (one: Going) => {
    one.stop.abort();
    setGoing((all) => all.filter((other) => other.key !== one.key));
  };
  const submit = () => {
    if (!canSend || !onSend(text.trim(), ready)) return;
    setText('');
    setGoing([]);
    keep.set(name, null);
    typed('');
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const area = field.current;
    const at = area?.selectionStart ?? text.length;
    setText(text.slice(0, at) + emoji + text.slice(area?.selectionEnd ?? at));
    setPicker(null);
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  const pick = async () => {
    if (Picker) return setPicker(null);
    const { EmojiPicker } = await import('./emoji');
    setPicker(() => EmojiPicker);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the button beside it does the same by keyboard
    <div
      class={`composer${over ? ' over' : ''}`}
      onDragOver={(event) => {
        if (!settings.files.enabled || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      {Picker && <Picker onPick={insert} onClose={() => setPicker(null)} />}
      {going.length > 0 && (
        <ul class="going" aria-label={t('files')}>
          {going.map((one) => (
            <li key={one.key} class={one.error ? 'bad' : ''}>
              <Icon name={one.error ? 'alert' : 'file'} size={16} />
              <span class="grow">
                <b class="t1">{one.name}</b>
                <span class="dim">{one.error ?? (one.file ? bytes(one.size) : t('uploading', { n: Math.round(one.part * 100) }))}</span>
                {!one.file && !one.error && <progress value={one.part} max={1} aria-label={one.name} />}
              </span>
              {one.error && one.source && (
                <button type="button" class="link" onClick={() => send(one)}>
                  {t('try_again')}
                </button>
              )}
              <IconButton icon="x" size={16} label={t('remove_file', { name: one.name })} onClick={() => remove(one)} />
            </li>
          ))}
        </ul>
      )}
      <div class="say">
        <textarea
          ref={field}
          rows={1}
          value={text}
          maxLength={LONGEST}
          placeholder={placeholder}
          aria-label={t('message')}
          enterkeyhint={isTouch ? 'enter' : 'send'}
          onInput={(event) => {
            // At once, and not only when it has been drawn: should this be made anew just then, nothing of it is lost.
            keepDraft(name, { text: event.currentTarget.value, files: ready });
            setText(event.currentTarget.value);
            typed(event.currentTarget.value);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData?.files;
            if (pasted?.length) {
              event.preventDefault();
              take(pasted);
            }
          }}
          onKeyDown={(event) => {
            // While Hangul is being put together, Enter only ends the syllable.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229 || isTouch) return;
            event.preventDefault();
            submit();
          }}
        />
        {settings.files.enabled && (
          <>
            <input ref={files} type="file" multiple hidden onChange={chosen} />
            <IconButton icon="clip" label={t('attach')} onClick={() => files.current?.click()} />
            {isTouch && (
              <>
                <input ref={camera} type="file" accept="image/*" capture="environment" hidden onChange={chosen} />
                <IconButton icon="camera" label={t('camera')} onClick={() => camera.current?.click()} />
              </>
            )}
          </>
        )}
        <IconButton icon="smile" label={t('emoji')} onClick={pick} expanded={!!Picker} id="emoji" />
        <IconButton icon="send" label={t('send')} class="go" onClick={submit} disabled={!canSend} />
      </div>
      {settings.typing_preview && text !== '' && <p class="by">{t('preview_told')}</p>}
      {over && <p class="drop">{t('drop')}</p>}
    </div>
  );
}
