import type { Inbox } from '@api';
import { Banner, Button, Icon, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Form } from '../../form/form';
import { fieldText, generalText } from '../../form/problems';
import { MailboxEditor } from '../../mailbox/editor';
import { type MailboxForm, missing, startForm, toConnection } from '../../mailbox/form';
import { presetOf } from '../../mailbox/presets';
import { useConnectionTest, useCreateInbox, useOauth, useSaveConnection } from '../../mailbox/queries';
import { leaveSetUpMark } from '../../mailbox/set-up-mark';
import { TestPanel } from '../../mailbox/test-panel';
import { useInboxes } from '../../people/queries';
import { useMe } from '../../session/queries';
import { SetUpFrame } from './frame';

/** Connects the first mailbox: test, then keep. A failing test keeps nothing. */
export function MailboxStep() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const workspace = useMe().workspace;
  const inboxes = useInboxes().data ?? [];
  const [form, setForm] = useState<MailboxForm>(() => startForm());
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const test = useConnectionTest();
  const create = useCreateInbox();
  const save = useSaveConnection();
  const oauth = useOauth();
  const isOauth = form.way === 'google' || form.way === 'microsoft';
  const preset = presetOf(form.provider, form.address);
  const address = form.address.trim();
  const connection = toConnection(form);
  const known = inboxes.find((inbox) => inbox.address.toLowerCase() === address.toLowerCase());
  const problem = create.error ?? save.error ?? oauth.error ?? test.error;
  const addressError = fieldText(t, create.error, 'address', 'email') ?? fieldText(t, test.error, 'address', 'email');

  const change = (next: MailboxForm) => {
    setForm(next);
    if (test.data || test.isError) test.reset();
    create.reset();
    save.reset();
    oauth.reset();
  };
  const ensure = async (): Promise<Inbox> =>
    known ?? create.mutateAsync({ name: name.trim() || t('entry.inbox_name_default'), address, from_name: workspace.name, open_to_all: true });
  const keep = async () => {
    const inbox = await ensure();
    await save.mutateAsync({ id: inbox.id, ...connection });
  };
  const go = async () => {
    setTried(true);
    if (Object.keys(missing(form)).length > 0) return;
    // What fails is in the mutations' errors and shown from there.
    try {
      if (isOauth) {
        // The server connects the mailbox once the mail company said yes.
        const inbox = await ensure();
        const { url } = await oauth.mutateAsync({ id: inbox.id, provider: form.way as 'google' | 'microsoft' });
        leaveSetUpMark();
        location.assign(url);
        return;
      }
      const result = await test.mutateAsync({ address, ...connection });
      if (result.ok) await keep();
    } catch {}
  };
  const done = save.isSuccess && !isOauth;
  const busy = test.isPending || create.isPending || save.isPending || oauth.isPending;
  const general = addressError ? undefined : generalText(t, problem, ['address']);
  const action = isOauth ? t(`mailbox.way.${form.way}`) : test.data && !test.data.ok ? t('entry.step.mailbox.again') : t('entry.step.mailbox.do');
  const tested = isOauth ? null : (
    <>
      <TestPanel
        address={address}
        preset={preset}
        test={test.data}
        isTesting={test.isPending}
        plan={{ incoming: form.way !== 'delivered', outgoing: form.outgoing.send }}
        after={done ? t('entry.step.mailbox.connected', { address }) : undefined}
      />
      <p className="hint beside-hint">{t('entry.step.mailbox.someone_else')}</p>
    </>
  );
  return (
    <SetUpFrame step="mailbox" lead={t('entry.step.mailbox.lead')} beside={tested}>
      <Form
        className="form"
        error={problem}
        onSubmit={() => {
          if (done) void navigate('/setup/team');
          else void go();
        }}
      >
        {inboxes.length > 0 && !done ? (
          <Banner
            tone="ok"
            action={
              <Button kind="link" onPress={() => void navigate('/setup/team')}>
                {t('entry.next')}
              </Button>
            }
          >
            {t('entry.step.mailbox.already', { address: inboxes[0]?.address })}
          </Banner>
        ) : null}
        {general ? <Banner tone="bad">{general}</Banner> : null}
        <MailboxEditor form={form} onChange={change} test={test.data} showMissing={tried} addressError={addressError} autoFocus>
          <TextInput
            label={t('entry.inbox_name')}
            value={name}
            onChange={setName}
            placeholder={t('entry.inbox_name_default')}
            hint={t('entry.inbox_name_hint')}
            autoComplete="off"
          />
        </MailboxEditor>
        <div className="row">
          {done ? (
            <>
              <Button kind="primary" size="l" type="submit" autoFocus>
                {t('entry.next')}
              </Button>
              <span className="row ok-words" role="status">
                <Icon name="circlecheck" size={18} />
                {t('entry.step.mailbox.kept')}
              </span>
            </>
          ) : (
            <>
              <Button kind="primary" size="l" type="submit" isPending={busy}>
                {action}
              </Button>
              <Button kind="quiet" size="l" onPress={() => void navigate('/setup/team')}>
                {t('entry.later')}
              </Button>
            </>
          )}
        </div>
      </Form>
    </SetUpFrame>
  );
}
