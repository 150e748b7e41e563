import type { Agent, Invitation, Role } from '@api';
import { Avatar, Button, Chip, IconButton, Menu, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useActivateAgent, useAgents, useInvitations, useResendInvitation, useRevokeInvitation, useUpdateAgent } from '../../people/queries';
import { useMay, useMe } from '../../session/queries';
import { Entries, Entry } from '../list-page';
import { Loaded, SettingsPage } from '../page';
import { InviteDialog } from './invite';

const ROLES: Role[] = ['owner', 'admin', 'agent', 'viewer'];

/** Everyone who works here, and who is invited. */
export default function People() {
  const { t } = useTranslation();
  const agents = useAgents();
  const mayManage = useMay('people.manage');
  const invitations = useInvitations(mayManage);
  const [inviting, setInviting] = useState(false);
  const sorted = (items: Agent[]) => [...items].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  return (
    <SettingsPage
      title={t('settings.page.people.title')}
      lead={mayManage ? t('settings.page.people.lead') : t('settings.people.read_only')}
      action={
        mayManage ? (
          <Button kind="primary" icon="addperson" onPress={() => setInviting(true)}>
            {t('settings.people.invite')}
          </Button>
        ) : null
      }
    >
      <Loaded query={agents}>
        {(items) => (
          <Entries>
            {sorted(items).map((agent) => (
              <AgentRow key={agent.id} agent={agent} mayManage={mayManage} />
            ))}
          </Entries>
        )}
      </Loaded>
      {mayManage && invitations.data && invitations.data.length > 0 ? (
        <section className="part">
          <h2>{t('settings.people.invited')}</h2>
          <Entries>
            {invitations.data.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} />
            ))}
          </Entries>
        </section>
      ) : null}
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </SettingsPage>
  );
}

function AgentRow({ agent, mayManage }: { agent: Agent; mayManage: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe().agent;
  const update = useUpdateAgent();
  const activate = useActivateAgent();
  const tell = (error: unknown) => toast(generalText(t, error) ?? '');
  // Only an owner decides about owners, and nobody about themselves; the server has the last word.
  const mine = mayManage && agent.id !== me.id && (me.role === 'owner' || agent.role !== 'owner');
  const roles = me.role === 'owner' ? ROLES : ROLES.filter((role) => role !== 'owner');
  const setActive = (active: boolean) =>
    activate.mutate(
      { id: agent.id, active },
      {
        onSuccess: () =>
          toast(
            t(active ? 'settings.people.activated' : 'settings.people.deactivated', { name: agent.name }),
            active ? {} : { undo: () => activate.mutate({ id: agent.id, active: true }), undoLabel: t('app.undo') },
          ),
        onError: tell,
      },
    );
  const setRole = (role: Role) => {
    if (role === agent.role) return;
    const before = agent.role;
    update.mutate(
      { id: agent.id, role },
      {
        onSuccess: () =>
          toast(t('settings.people.role_changed', { name: agent.name, role: t(`form.role.${role}`) }), {
            undo: () => update.mutate({ id: agent.id, role: before }),
            undoLabel: t('app.undo'),
          }),
        onError: tell,
      },
    );
  };
  return (
    <Entry
      sign={<Avatar name={agent.name} seed={agent.id} />}
      name={agent.id === me.id ? t('app.assign.me', { name: agent.name }) : agent.name}
      detail={
        <>
          {agent.email} ·{' '}
          {agent.id === me.id ? (
            t('settings.people.here')
          ) : agent.last_seen_at ? (
            <time title={format.exact(agent.last_seen_at)}>{t('settings.people.seen', { when: format.ago(agent.last_seen_at) })}</time>
          ) : (
            t('settings.people.never_seen')
          )}
        </>
      }
      isOff={!agent.active}
      acts={
        <>
          {agent.active ? null : <Chip tone="warn">{t('settings.people.off')}</Chip>}
          <Chip tone={agent.role === 'owner' ? 'accent' : 'grey'}>{t(`form.role.${agent.role}`)}</Chip>
          {mine ? (
            <Menu
              label={t('settings.people.actions', { name: agent.name })}
              placement="bottom end"
              groups={[
                {
                  id: 'role',
                  title: t('settings.people.role'),
                  items: roles.map((role) => ({ id: role, label: t(`form.role.${role}`), isSelected: role === agent.role, onAction: () => setRole(role) })),
                },
                {
                  id: 'active',
                  items: [
                    agent.active
                      ? { id: 'off', label: t('settings.people.deactivate'), tone: 'bad' as const, onAction: () => setActive(false) }
                      : { id: 'on', label: t('settings.people.activate'), onAction: () => setActive(true) },
                  ],
                },
              ]}
            >
              <IconButton icon="dots" label={t('settings.people.actions', { name: agent.name })} tip={false} />
            </Menu>
          ) : (
            <span className="no-act" />
          )}
        </>
      }
    />
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const resend = useResendInvitation();
  const revoke = useRevokeInvitation();
  const tell = (error: unknown) => toast(generalText(t, error) ?? '');
  const expired = Date.parse(invitation.expires_at) < format.now.getTime();
  return (
    <Entry
      sign={<Avatar name={invitation.name || invitation.email} seed={invitation.email} />}
      name={invitation.name || invitation.email}
      detail={
        <>
          {invitation.name ? `${invitation.email} · ` : ''}
          {t(expired ? 'settings.people.invitation_expired' : 'settings.people.invitation_until', { when: format.day(invitation.expires_at) })}
        </>
      }
      isTall
      acts={
        <>
          <Chip>{t(`form.role.${invitation.role}`)}</Chip>
          <Button
            kind="quiet"
            isPending={resend.isPending}
            aria-label={t('settings.people.resend_to', { email: invitation.email })}
            onPress={() => resend.mutate(invitation.id, { onSuccess: () => toast(t('settings.people.resent', { email: invitation.email })), onError: tell })}
          >
            {t('settings.people.resend')}
          </Button>
          <IconButton
            icon="x"
            label={t('settings.people.revoke', { email: invitation.email })}
            onPress={() => revoke.mutate(invitation.id, { onSuccess: () => toast(t('settings.people.revoked')), onError: tell })}
          />
        </>
      }
    />
  );
}
