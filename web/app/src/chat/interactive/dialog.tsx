import { TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { problemText } from '../../shell/problem-text';
import { useOffer } from '../queries';
import { Cards } from './cards';
import { Questions } from './questions';
import { emptyWork, type Faults, finished, picturesOf, type Sort } from './value';
import './interactive.css';

/** Puts together what the customer is offered, and says it. */
export default function InteractiveDialog({ sort, conversation, name, onClose }: { sort: Sort; conversation: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [work, setWork] = useState(emptyWork);
  const [faults, setFaults] = useState<Faults>({});
  const [uploading, setUploading] = useState(0);
  const send = useOffer(conversation);
  const fault = (at: string) => (faults[at] ? t(`chat.interactive.fault.${faults[at]}`) : null);
  const change = (patch: Partial<typeof work>) => {
    setWork((now) => ({ ...now, ...patch }));
    setFaults({});
  };
  const submit = () => {
    if (uploading > 0 || send.isPending) return;
    const made = finished(sort, work);
    if ('faults' in made) return setFaults(made.faults);
    const interactive = made.value;
    send.mutate({ text: words.trim(), attachment_ids: picturesOf(interactive), interactive }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={t(`chat.interactive.title_${sort}`, { name })}
      submit={t('chat.interactive.send')}
      isPending={send.isPending || uploading > 0}
      problem={send.error ? problemText(t, send.error) : null}
      error={Object.keys(faults).length > 0 ? faults : send.error}
      className="plan-form interactive"
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="dim small">{t(`chat.interactive.lead_${sort}`)}</p>
      <TextInput label={t('chat.interactive.words')} value={words} onChange={setWords} multiline rows={2} autoComplete="off" />
      {sort === 'quick_replies' ? (
        <TextInput
          label={t('chat.interactive.choices')}
          hint={t('chat.interactive.choices_hint')}
          value={work.choices}
          onChange={(choices) => change({ choices })}
          error={fault('choices')}
          multiline
          rows={4}
          autoComplete="off"
        />
      ) : sort === 'cards' ? (
        <Cards value={work.cards} onChange={(cards) => change({ cards })} fault={fault} onUploading={(by) => setUploading((now) => now + by)} />
      ) : (
        <Questions value={work.questions} onChange={(questions) => change({ questions })} fault={fault} />
      )}
    </FormDialog>
  );
}
