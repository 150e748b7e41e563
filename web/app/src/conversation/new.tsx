import { type Mailbox, Problem } from '@api';
import { Button, Dialog, ErrorLine, Segmented, Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useInboxes } from '../people/queries';
import { useMe } from '../session/queries';
import { pathOf } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { LetterField, PeopleField, useLetter } from './letter';
import { looksLikeAddress } from './mailbox';
import { useCreateConversation } from './queries';

/** Write first to a customer, or write down what somebody asked by another way. */
export default function NewConversation({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().agent.id;
  const inboxes = (useInboxes().data ?? []).filter((inbox) => !inbox.archived);
  const create = useCreateConversation();
  const [inbox, setInbox] = useState<string | null>(null);
  const [to, setTo] = useState<Mailbox[]>([]);
  const [subject, setSubject] = useState('');
  const [direction, setDirection] = useState<'outgoing' | 'incoming'>('outgoing');
  const [error, setError] = useState<string | null>(null);
  const letter = useLetter((problem) => setError(problemText(t, problem)));
  const from = inbox ?? inboxes[0]?.id ?? null;
  const customer = to[0];

  const send = () => {
    const words = letter.words();
    if (!from) return setError(t('app.new.no_inbox'));
    if (!customer || !looksLikeAddress(customer.address)) return setError(t('app.warn.recipients'));
    if (!subject.trim()) return setError(t('app.new.no_subject'));
    if (!words.html) return setError(t('app.warn.empty'));
    const missing = letter.missing();
    if (missing) return setError(t(`app.warn.${missing}`));
    setError(null);
    create.mutate(
      {
        inbox_id: from,
        customer: { email: customer.address, ...(customer.name ? { name: customer.name } : {}) },
        subject: subject.trim(),
        ...words,
        direction,
        ...(to.length > 1 ? { cc: to.slice(1) } : {}),
        ...(direction === 'outgoing' ? { assignee_id: me } : {}),
      },
      {
        onSuccess: (conversation) => {
          toast(direction === 'outgoing' ? t('app.done.sent') : t('app.done.written'));
          onClose();
          void navigate(pathOf({ view: 'all_open', id: conversation.id }));
        },
        onError: (problem) => setError(problem instanceof Problem ? problemText(t, problem) : t('app.problem.unknown')),
      },
    );
  };

  return (
    <Dialog
      title={t('app.command.new')}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" keys="Mod+Enter" isPending={create.isPending} onPress={send}>
            {direction === 'outgoing' ? t('app.composer.send') : t('app.new.write_down')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <Segmented
          label={t('app.new.direction')}
          value={direction}
          onChange={setDirection}
          items={[
            { id: 'outgoing', label: t('app.new.outgoing') },
            { id: 'incoming', label: t('app.new.incoming') },
          ]}
        />
        <Select
          label={t('app.new.inbox')}
          value={from}
          onChange={setInbox}
          items={inboxes.map((one) => ({ id: one.id, label: `${one.name} · ${one.address}` }))}
        />
        <PeopleField label={t('app.new.customer')} value={to} onChange={setTo} autoFocus />
        <TextInput label={t('app.subject')} value={subject} onChange={setSubject} />
        <LetterField
          letter={letter}
          label={t('app.new.text')}
          placeholder={t(direction === 'outgoing' ? 'app.composer.placeholder' : 'app.new.incoming_placeholder')}
          onChange={() => setError(null)}
          onSubmit={send}
          onEscape={onClose}
        />
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}
