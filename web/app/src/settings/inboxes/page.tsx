import type { Inbox } from '@api';
import { Button, ChannelGlyph, Chip, Dialog, Empty, Icon, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Form } from '../../form/form';
import { fieldText, generalText, isAddress } from '../../form/problems';
import { useCreateInbox } from '../../mailbox/queries';
import { useInboxes } from '../../people/queries';
import { useMe } from '../../session/queries';
import { Loaded, SettingsPage } from '../page';
import { healthOf } from './health';

/** Every inbox and how it is. */
export default function Inboxes() {
  const { t } = useTranslation();
  const inboxes = useInboxes();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {t('settings.inboxes.add')}
    </Button>
  );
  const live = (items: Inbox[]) => items.filter((inbox) => !inbox.archived);
  const archived = (items: Inbox[]) => items.filter((inbox) => inbox.archived);
  return (
    <SettingsPage title={t('settings.page.inboxes.title')} lead={t('settings.page.inboxes.lead')} action={inboxes.data?.length ? add : null}>
      <Loaded
        query={inboxes}
        empty={
          <Empty icon="mail" title={t('settings.inboxes.none')} action={add}>
            {t('settings.inboxes.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <>
            <ul className="card entries">
              {live(items).map((inbox) => (
                <InboxRow key={inbox.id} inbox={inbox} />
              ))}
            </ul>
            {archived(items).length > 0 ? (
              <section className="part">
                <h2>{t('settings.inboxes.archived')}</h2>
                <ul className="card entries">
                  {archived(items).map((inbox) => (
                    <InboxRow key={inbox.id} inbox={inbox} />
                  ))}
                </ul>
              </section>
            ) : null}
          </>
        )}
      </Loaded>
      {adding ? <AddInbox onClose={() => setAdding(false)} /> : null}
    </SettingsPage>
  );
}

function InboxRow({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const health = healthOf(inbox);
  return (
    <li data-off={inbox.archived ? 'yes' : undefined}>
      <ChannelGlyph channel="email" size="l" />
      <Link className="what" to={`/settings/inboxes/${inbox.id}`}>
        <span className="strong">{inbox.name}</span>
        <span className="small dim">{inbox.address}</span>
      </Link>
      <span className="acts-in">
        {inbox.archived ? null : (
          <Chip
            tone={health === 'ok' ? 'ok' : health === 'failing' ? 'bad' : 'grey'}
            icon={health === 'ok' ? 'check' : health === 'failing' ? 'alert' : undefined}
          >
            {t(`settings.inboxes.health.${health}`)}
          </Chip>
        )}
        <Icon name="right" />
      </span>
    </li>
  );
}

function AddInbox({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const workspace = useMe().workspace.name;
  const create = useCreateInbox();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [tried, setTried] = useState(false);
  const general = generalText(t, create.error, ['name', 'address']);
  const submit = () => {
    setTried(true);
    if (!name.trim() || !isAddress(address)) return;
    create.mutate(
      { name: name.trim(), address: address.trim(), from_name: workspace, open_to_all: true },
      { onSuccess: (inbox) => void navigate(`/settings/inboxes/${inbox.id}`) },
    );
  };
  return (
    <Dialog
      title={t('settings.inboxes.add')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={create.isPending} onPress={submit}>
            {t('settings.inboxes.create')}
          </Button>
        </>
      }
    >
      <Form
        className="sec-in"
        onSubmit={() => {
          submit();
        }}
      >
        {general ? <p role="alert">{general}</p> : null}
        <TextInput
          label={t('mailbox.address')}
          type="email"
          value={address}
          onChange={setAddress}
          hint={t('mailbox.address_hint')}
          autoFocus
          autoComplete="off"
          error={tried && !isAddress(address) ? t(address.trim() ? 'form.wrong.email' : 'form.wrong.missing') : fieldText(t, create.error, 'address', 'email')}
        />
        <TextInput
          label={t('settings.inboxes.name')}
          value={name}
          onChange={setName}
          hint={t('settings.inboxes.name_hint')}
          autoComplete="off"
          error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, create.error, 'name')}
        />
      </Form>
    </Dialog>
  );
}
