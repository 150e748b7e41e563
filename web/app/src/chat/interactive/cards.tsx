import { Button, Icon, IconButton, TextInput } from '@ui';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureUrl } from '../../conversation/uploads';
import { problemText } from '../../shell/problem-text';
import { uploadPicture } from '../queries';
import { emptyCard, MOST, MOST_LINKS, type Work } from './value';

type Card = Work['cards'][number];

interface Props {
  value: Card[];
  onChange: (value: Card[]) => void;
  fault: (at: string) => string | null;
  /** One more upload runs, or one less. */
  onUploading: (by: 1 | -1) => void;
}

/** Things to look at, each with a picture, words and links. */
export function Cards({ value, onChange, fault, onUploading }: Props) {
  const { t } = useTranslation();
  const latest = useRef(value);
  latest.current = value;
  const change = (key: string, patch: Partial<Card>) => onChange(latest.current.map((card) => (card.key === key ? { ...card, ...patch } : card)));
  return (
    <div className="inter-list">
      {value.map((card, at) => {
        const links = (next: Card['links']) => change(card.key, { links: next });
        return (
          <fieldset key={card.key} className="inter-one">
            <legend className="sr">{t('chat.interactive.card_n', { n: at + 1 })}</legend>
            <div className="inter-top">
              <Picture id={card.picture} onChange={(picture) => change(card.key, { picture })} onUploading={onUploading} />
              {value.length > 1 ? (
                <IconButton icon="trash" label={t('chat.interactive.remove_card')} onPress={() => onChange(value.filter((one) => one.key !== card.key))} />
              ) : null}
            </div>
            <TextInput
              label={t('chat.interactive.card_title')}
              value={card.title}
              onChange={(title) => change(card.key, { title })}
              error={fault(`${card.key}.title`)}
              autoComplete="off"
            />
            <TextInput
              label={t('chat.interactive.card_text')}
              value={card.text ?? ''}
              onChange={(text) => change(card.key, { text })}
              error={fault(`${card.key}.text`)}
              multiline
              rows={2}
              autoComplete="off"
            />
            {card.links.map((link, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a link has nothing else that stays
              <div key={n} className="inter-link">
                <TextInput
                  label={t('chat.interactive.link_label')}
                  value={link.label}
                  onChange={(label) => links(card.links.map((one, i) => (i === n ? { ...one, label } : one)))}
                  error={fault(`${card.key}.label.${n}`)}
                  autoComplete="off"
                />
                <TextInput
                  label={t('chat.interactive.link_url')}
                  type="url"
                  placeholder="https://"
                  value={link.url}
                  onChange={(url) => links(card.links.map((one, i) => (i === n ? { ...one, url } : one)))}
                  error={fault(`${card.key}.url.${n}`)}
                  autoComplete="off"
                />
                <IconButton icon="x" label={t('chat.interactive.remove_link')} onPress={() => links(card.links.filter((_, i) => i !== n))} />
              </div>
            ))}
            {card.links.length < MOST_LINKS ? (
              <div>
                <Button size="s" icon="plus" onPress={() => links([...card.links, { label: '', url: '' }])}>
                  {t('chat.interactive.add_link')}
                </Button>
              </div>
            ) : null}
          </fieldset>
        );
      })}
      {value.length < MOST ? (
        <div>
          <Button size="s" icon="plus" onPress={() => onChange([...value, emptyCard()])}>
            {t('chat.interactive.add_card')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Picture({ id, onChange, onUploading }: { id: string | null; onChange: (id: string | null) => void; onUploading: (by: 1 | -1) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    onUploading(1);
    try {
      onChange((await uploadPicture(file)).id);
    } catch (error) {
      setProblem(problemText(t, error));
    } finally {
      setBusy(false);
      onUploading(-1);
    }
  };
  return (
    <div className="inter-picture">
      {id ? <img src={pictureUrl(id)} alt="" /> : null}
      <Button size="s" icon="image" isPending={busy} onPress={() => input.current?.click()}>
        {t(id ? 'chat.interactive.other_picture' : 'chat.interactive.add_picture')}
      </Button>
      {id ? <IconButton icon="x" label={t('chat.interactive.remove_picture')} onPress={() => onChange(null)} /> : null}
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {problem ? (
        <span className="bad small" role="alert">
          <Icon name="alert" size={14} /> {problem}
        </span>
      ) : null}
    </div>
  );
}
