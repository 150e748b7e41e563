import type { Inbox } from '@api';
import { Banner, Button, Icon, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { generalText } from '../../form/problems';
import { MailboxEditor } from '../../mailbox/editor';
import { fromConnection, type MailboxForm, missing, startForm, toConnection } from '../../mailbox/form';
import { presetOf } from '../../mailbox/presets';
import { useConnectionTest, useOauth, useSaveConnection } from '../../mailbox/queries';
import { TestPanel } from '../../mailbox/test-panel';
import { Section } from '../page';

/** How the inbox's mail comes and goes: told in two lines, changed in an editor with a live test. */
export function ConnectionSection({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const { incoming, outgoing } = inbox.connection;
  const none = incoming.kind === 'none';
  const [editing, setEditing] = useState(none);
  const into =
    incoming.kind === 'imap'
      ? t('settings.inboxes.by_imap', { host: incoming.host, user: incoming.user_name, folder: incoming.folder })
      : t(`settings.inboxes.by_${incoming.kind}`);
  const out = outgoing.kind === 'smtp' ? t('settings.inboxes.by_smtp', { host: outgoing.host, port: outgoing.port }) : t('settings.inboxes.no_outgoing');
  return (
    <Section title={t('settings.inboxes.connection')} hint={t('settings.inboxes.connection_hint')}>
      {editing ? (
        <ConnectionEditor inbox={inbox} onDone={() => setEditing(false)} mayCancel={!none} />
      ) : (
        <>
          <div className="stack">
            <div className="health-line">
              <Icon name="mail" size={18} />
              <span className="wrap-any">{into}</span>
            </div>
            <div className="health-line">
              <Icon name="send" size={18} />
              <span className="wrap-any">{out}</span>
            </div>
          </div>
          <Button icon="pen" onPress={() => setEditing(true)}>
            {t('settings.inboxes.change_connection')}
          </Button>
        </>
      )}
    </Section>
  );
}

function ConnectionEditor({ inbox, onDone, mayCancel }: { inbox: Inbox; onDone: () => void; mayCancel: boolean }) {
  const { t } = useTranslation();
  const [form, setForm] = useState<MailboxForm>(() =>
    inbox.connection.incoming.kind === 'none' && inbox.connection.outgoing.kind === 'none'
      ? startForm(inbox.address)
      : fromConnection(inbox.address, inbox.connection),
  );
  const [tried, setTried] = useState(false);
  const test = useConnectionTest();
  const save = useSaveConnection();
  const oauth = useOauth();
  const isOauth = form.way === 'google' || form.way === 'microsoft';
  const connection = toConnection(form);
  const change = (next: MailboxForm) => {
    setForm(next);
    if (test.data || test.isError) test.reset();
    save.reset();
    oauth.reset();
  };
  const complete = () => {
    setTried(true);
    return Object.keys(missing(form)).length === 0;
  };
  const keep = async () => {
    await save.mutateAsync({ id: inbox.id, ...connection });
    toast(t('settings.saved'));
    onDone();
  };
  const testAndKeep = async () => {
    if (!complete()) return;
    // What fails is in the mutations' errors and shown from there.
    try {
      if (isOauth) {
        // The server connects the mailbox once the mail company said yes; until then everything stays as it is.
        const { url } = await oauth.mutateAsync({ id: inbox.id, provider: form.way as 'google' | 'microsoft' });
        location.assign(url);
        return;
      }
      const result = await test.mutateAsync({ address: inbox.address, inbox_id: inbox.id, ...connection });
      if (result.ok) await keep();
    } catch {}
  };
  const general = generalText(t, save.error ?? oauth.error ?? test.error);
  const failed = test.data && !test.data.ok;
  return (
    <Form
      className="conn"
      onSubmit={() => {
        void testAndKeep();
      }}
    >
      {general ? <Banner tone="bad">{general}</Banner> : null}
      <div className="sec-in">
        <MailboxEditor form={form} onChange={change} test={test.data} showMissing={tried} fixedAddress />
      </div>
      {isOauth ? null : (
        <TestPanel
          address={inbox.address}
          preset={presetOf(form.provider, inbox.address)}
          test={test.data}
          isTesting={test.isPending}
          plan={{ incoming: form.way !== 'delivered', outgoing: form.outgoing.send }}
        />
      )}
      <div className="row">
        <Button kind="primary" type="submit" isPending={test.isPending || (save.isPending && !failed) || oauth.isPending}>
          {isOauth ? t(`mailbox.way.${form.way}`) : t('settings.inboxes.test_and_save')}
        </Button>
        {failed ? (
          <Button kind="quiet" isPending={save.isPending} onPress={() => void keep().catch(() => undefined)}>
            {t('settings.inboxes.save_anyway')}
          </Button>
        ) : null}
        {mayCancel ? (
          <Button kind="quiet" onPress={onDone}>
            {t('app.cancel')}
          </Button>
        ) : null}
      </div>
    </Form>
  );
}
