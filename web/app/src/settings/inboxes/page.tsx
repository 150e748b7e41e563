import type { Inbox } from '@api';
import { ChannelGlyph, Chip, Icon, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { FormDialog } from '../../form/dialog';
import { fieldText, generalText, isAddress } from '../../form/problems';
import { useCreateInbox } from '../../mailbox/queries';
import { useInboxes } from '../../people/queries';
import { useMe } from '../../session/queries';
import { Entries, Entry, ListPage } from '../list-page';
import { healthOf } from './health';

/** Every inbox and how it is. */
export default function Inboxes() {
  const { t } = useTranslation();
  const inboxes = useInboxes();
  const live = (items: Inbox[]) => items.filter((inbox) => !inbox.archived);
  const archived = (items: Inbox[]) => items.filter((inbox) => inbox.archived);
  return (
    <ListPage
      title={t('settings.page.inboxes.title')}
      lead={t('settings.page.inboxes.lead')}
      query={inboxes}
      empty={{ icon: 'mail', title: t('settings.inboxes.none'), hint: t('settings.inboxes.none_hint') }}
      add={{ label: t('settings.inboxes.add'), dialog: (onClose) => <AddInbox onClose={onClose} /> }}
    >
      {(items) => (
        <>
          <Entries>
            {live(items).map((inbox) => (
              <InboxRow key={inbox.id} inbox={inbox} />
            ))}
          </Entries>
          {archived(items).length > 0 ? (
            <section className="part">
              <h2>{t('settings.inboxes.archived')}</h2>
              <Entries>
                {archived(items).map((inbox) => (
                  <InboxRow key={inbox.id} inbox={inbox} />
                ))}
              </Entries>
            </section>
          ) : null}
        </>
      )}
    </ListPage>
  );
}

function InboxRow({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const health = healthOf(inbox);
  return (
    <Entry
      sign={<ChannelGlyph channel="email" size="l" />}
      name={inbox.name}
      detail={inbox.address}
      to={`/settings/inboxes/${inbox.id}`}
      isOff={inbox.archived}
      acts={
        <>
          {inbox.archived ? null : (
            <Chip
              tone={health === 'ok' ? 'ok' : health === 'failing' ? 'bad' : 'grey'}
              icon={health === 'ok' ? 'check' : health === 'failing' ? 'alert' : undefined}
            >
              {t(`settings.inboxes.health.${health}`)}
            </Chip>
          )}
          <Icon name="right" />
        </>
      }
    />
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
    <FormDialog
      title={t('settings.inboxes.add')}
      submit={t('settings.inboxes.create')}
      isPending={create.isPending}
      problem={general}
      onSubmit={submit}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
