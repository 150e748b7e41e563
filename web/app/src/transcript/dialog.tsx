import { type ConversationDetail, type Language, type NewTranscript, post } from '@api';
import { useMutation } from '@tanstack/react-query';
import { Banner, Button, Checkbox, Segmented, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { looksLikeAddress } from '../conversation/mailbox';
import { FormDialog } from '../form/dialog';
import { fieldText, generalText } from '../form/problems';
import { textLanguage } from '../i18n/format';
import { useAgents } from '../people/queries';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useWork } from '../work/state';

const NAMES: Record<Language, string> = { en: 'English', ko: '한국어' };

/** Addresses as one types them: with commas, semicolons or spaces between. */
export const addressesIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** Mails the whole conversation to the customer or anybody else. */
export default function TranscriptDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const me = useMe().agent;
  const agents = useAgents().data ?? [];
  const [text, setText] = useState(c.customer.email ?? '');
  const [notes, setNotes] = useState(false);
  const [language, setLanguage] = useState<Language>(textLanguage(`${c.subject} ${c.preview}`) === 'ko' ? 'ko' : 'en');
  const [tried, setTried] = useState(false);
  const send = useMutation({ mutationFn: (form: NewTranscript) => post<void>(`/conversations/${c.id}/transcripts`, form) });
  const to = addressesIn(text);
  const wrong = to.filter((one) => !looksLikeAddress(one));
  const inside = to.length > 0 && to.every((one) => agents.some((agent) => agent.email.toLowerCase() === one.toLowerCase()));
  const close = () => useWork.getState().show(null);
  const go = () => {
    setTried(true);
    if (to.length === 0 || wrong.length > 0 || send.isPending) return;
    send.mutate(
      { to, notes: notes && inside, language },
      {
        onSuccess: () => {
          close();
          toast(t('form.transcript.done', { count: to.length, to: to[0] ?? '' }));
        },
      },
    );
  };
  const error = send.error;
  const atTo =
    tried && to.length === 0 ? t('form.transcript.missing') : tried && wrong.length > 0 ? t('form.transcript.wrong', { address: wrong[0] ?? '' }) : null;
  const offered = [c.customer.email, me.email].filter((one): one is string => Boolean(one) && !to.includes(one ?? ''));
  return (
    <FormDialog
      title={t('form.transcript.title')}
      submit={t('form.transcript.send')}
      isPending={send.isPending}
      problem={error && !fieldText(t, error, 'to') && !fieldText(t, error, 'notes') ? (generalText(t, error) ?? problemText(t, error)) : null}
      error={error}
      className="transcript"
      onSubmit={go}
      onClose={close}
    >
      <p className="dim">{t('form.transcript.lead')}</p>
      <div className="transcript-to">
        <TextInput
          label={t('form.transcript.to')}
          hint={t('form.transcript.to_hint')}
          value={text}
          onChange={setText}
          inputMode="email"
          autoComplete="off"
          autoFocus
          error={atTo ?? fieldText(t, error, 'to')}
        />
        {offered.length > 0 ? (
          <div className="names">
            {offered.map((one) => (
              <Button key={one} size="s" icon="plus" onPress={() => setText([...to, one].join(', '))}>
                {one === me.email ? t('form.transcript.me') : one}
              </Button>
            ))}
          </div>
        ) : null}
      </div>
      <div>
        <Checkbox isSelected={notes && inside} isDisabled={!inside} onChange={setNotes}>
          {t('form.transcript.notes')}
        </Checkbox>
        <p className="small dim">{t(inside ? 'form.transcript.notes_inside' : 'form.transcript.notes_outside')}</p>
        {fieldText(t, error, 'notes') ? <Banner tone="bad">{fieldText(t, error, 'notes')}</Banner> : null}
      </div>
      <div className="field">
        <span className="label" id="transcript-language">
          {t('form.transcript.language')}
        </span>
        <Segmented
          label={t('form.transcript.language')}
          value={language}
          onChange={setLanguage}
          items={(['en', 'ko'] as const).map((id) => ({ id, label: NAMES[id] }))}
        />
      </div>
    </FormDialog>
  );
}
