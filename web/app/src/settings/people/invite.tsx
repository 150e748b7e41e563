import type { Language, Role } from '@api';
import { Checkbox, ChoiceCards, Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { fieldText, generalText, isAddress } from '../../form/problems';
import { useInboxes, useInvite, useTeams } from '../../people/queries';
import { useMe } from '../../session/queries';

/** Invites one person: who, with which role, into which inboxes and teams. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const invite = useInvite();
  const teams = useTeams().data ?? [];
  const inboxes = (useInboxes().data ?? []).filter((inbox) => !inbox.archived && !inbox.open_to_all);
  const [form, setForm] = useState({
    email: '',
    name: '',
    role: 'agent' as Role,
    language: me.workspace.language as Language,
    inbox_ids: [] as string[],
    team_ids: [] as string[],
  });
  const [tried, setTried] = useState(false);
  const roles: Role[] = me.agent.role === 'owner' ? ['owner', 'admin', 'agent', 'viewer'] : ['admin', 'agent', 'viewer'];
  const put = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const toggle = (list: string[], id: string, on: boolean) => (on ? [...list, id] : list.filter((one) => one !== id));
  const general = generalText(t, invite.error, ['email', 'name']);
  const submit = () => {
    setTried(true);
    if (!isAddress(form.email)) return;
    invite.mutate(
      { ...form, email: form.email.trim(), name: form.name.trim() },
      {
        onSuccess: () => {
          toast(t('settings.people.invitation_sent', { email: form.email.trim() }));
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('settings.people.invite_title')}
      submit={t('settings.people.send_invitation')}
      isPending={invite.isPending}
      problem={general}
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={t('form.email')}
        type="email"
        value={form.email}
        onChange={(email) => put({ email })}
        autoFocus
        autoComplete="off"
        error={
          tried && !isAddress(form.email) ? t(form.email.trim() ? 'form.wrong.email' : 'form.wrong.missing') : fieldText(t, invite.error, 'email', 'email')
        }
      />
      <TextInput
        label={t('settings.people.name_optional')}
        value={form.name}
        onChange={(name) => put({ name })}
        autoComplete="off"
        error={fieldText(t, invite.error, 'name')}
      />
      <ChoiceCards
        label={t('settings.people.role')}
        value={form.role}
        onChange={(role) => put({ role })}
        items={roles.map((id) => ({ id, label: t(`form.role.${id}`), hint: t(`form.role_hint.${id}`) }))}
      />
      {inboxes.length > 0 ? (
        <fieldset className="plain-set">
          <legend className="label">{t('settings.people.inboxes')}</legend>
          {inboxes.map((inbox) => (
            <Checkbox
              key={inbox.id}
              isSelected={form.inbox_ids.includes(inbox.id)}
              onChange={(on) => put({ inbox_ids: toggle(form.inbox_ids, inbox.id, on) })}
              hint={inbox.address}
            >
              {inbox.name}
            </Checkbox>
          ))}
        </fieldset>
      ) : null}
      {teams.length > 0 ? (
        <fieldset className="plain-set">
          <legend className="label">{t('app.teams')}</legend>
          {teams.map((team) => (
            <Checkbox key={team.id} isSelected={form.team_ids.includes(team.id)} onChange={(on) => put({ team_ids: toggle(form.team_ids, team.id, on) })}>
              {team.name}
            </Checkbox>
          ))}
        </fieldset>
      ) : null}
      <Select<Language>
        label={t('settings.people.invitation_language')}
        value={form.language}
        onChange={(language) => put({ language })}
        items={[
          { id: 'en', label: t('app.language.en') },
          { id: 'ko', label: t('app.language.ko') },
        ]}
      />
    </FormDialog>
  );
}
