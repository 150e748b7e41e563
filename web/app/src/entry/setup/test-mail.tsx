import { Banner, Button, Icon, Select } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { generalText } from '../../form/problems';
import { useTestMail } from '../../mailbox/queries';
import { useInboxes } from '../../people/queries';
import { useArrival } from '../queries';
import { SetUpFrame } from './frame';

/** After this long we say where else to look. */
const PATIENCE = 60_000;

/** Sends a mail to oneself and watches it arrive over the event stream. */
export function TestStep() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const inboxes = useInboxes();
  const usable = (inboxes.data ?? []).filter((inbox) => !inbox.archived);
  const [chosen, setChosen] = useState<string | null>(null);
  const inbox = usable.find((one) => one.id === chosen) ?? usable[0];
  const send = useTestMail();
  const arrival = useArrival(inbox?.id, send.data?.message_id);
  const [late, setLate] = useState(false);
  const waiting = send.isSuccess && !arrival.conversation && arrival.failed === null;
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [waiting]);

  const finish = (
    <Button kind={arrival.conversation || !inbox ? 'primary' : 'quiet'} size="l" onPress={() => void navigate('/', { replace: true })}>
      {t('entry.step.test.finish')}
    </Button>
  );
  if (inboxes.isSuccess && !inbox)
    return (
      <SetUpFrame step="test" lead={t('entry.step.test.no_inbox')}>
        <div className="row setup-acts">
          {finish}
          <Button size="l" kind="quiet" onPress={() => void navigate('/setup/mailbox')}>
            {t('entry.step.mailbox.title')}
          </Button>
        </div>
      </SetUpFrame>
    );
  const begin = () => {
    if (!inbox) return;
    arrival.forget();
    send.mutate(inbox.id);
  };
  const line = (state: 'ok' | 'busy' | 'todo', text: string) => (
    <li className="st" data-state={state}>
      <Icon name={state === 'ok' ? 'circlecheck' : state === 'busy' ? 'busy' : 'clock'} size={20} className={state === 'busy' ? 'spin' : undefined} />
      <span>{text}</span>
    </li>
  );
  return (
    <SetUpFrame step="test" lead={t('entry.step.test.lead')}>
      <div className="form">
        {send.isError ? <Banner tone="bad">{generalText(t, send.error)}</Banner> : null}
        {usable.length > 1 ? (
          <Select
            label={t('entry.step.test.inbox')}
            value={inbox?.id ?? null}
            onChange={setChosen}
            items={usable.map((one) => ({ id: one.id, label: one.address }))}
          />
        ) : null}
        <section className="card test" aria-label={t('entry.step.test.title')} aria-live="polite">
          <ol>
            {line(
              send.isSuccess ? 'ok' : send.isPending ? 'busy' : 'todo',
              t(send.isSuccess ? 'entry.step.test.sent' : 'entry.step.test.to_send', { address: send.data?.to ?? inbox?.address }),
            )}
            {line(
              arrival.conversation ? 'ok' : waiting ? 'busy' : 'todo',
              t(arrival.conversation ? 'entry.step.test.arrived' : waiting ? 'entry.step.test.waiting' : 'entry.step.test.to_arrive'),
            )}
          </ol>
          {arrival.conversation ? (
            <div className="arrived">
              <Icon name="mail" size={18} />
              <span className="grow t1">
                <b className="strong">{arrival.conversation.subject || t('app.no_subject')}</b>{' '}
                <span className="dim">{arrival.conversation.customer.email}</span>
              </span>
            </div>
          ) : null}
          {arrival.failed !== null ? (
            <div className="why" role="alert">
              <span>{t('entry.step.test.failed')}</span>
              {arrival.failed ? <code>{arrival.failed}</code> : null}
            </div>
          ) : null}
          {late ? <p className="hint">{t('entry.step.test.late')}</p> : null}
        </section>
        <div className="row">
          {arrival.conversation ? null : (
            <Button kind="primary" size="l" icon="send" isPending={send.isPending || waiting} isDisabled={!inbox} onPress={begin}>
              {t(send.isSuccess ? 'entry.step.test.again' : 'entry.step.test.do')}
            </Button>
          )}
          {finish}
        </div>
      </div>
    </SetUpFrame>
  );
}
