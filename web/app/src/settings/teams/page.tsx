import type { Team } from '@api';
import { hue, IconButton } from '@ui';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../form/dialog';
import { NameInput } from '../../form/name-input';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useAgents, useDeleteTeam, useSaveTeam, useTeams } from '../../people/queries';
import { useMay, useMe } from '../../session/queries';
import { Entries, Entry, ListPage } from '../list-page';
import { Members } from '../members';
import { RemoveDialog } from '../remove-dialog';

const NEW: Partial<Team> = {};

/** Groups that conversations can be given to. */
export default function Teams() {
  const { t } = useTranslation();
  const format = useFormat();
  const teams = useTeams();
  const agents = useAgents().data ?? [];
  const mayManage = useMay('people.manage');
  const remove = useDeleteTeam();
  const [editing, setEditing] = useState<Team | null>(null);
  const [leaving, setLeaving] = useState<Team | null>(null);
  const names = (team: Team) => agents.filter((agent) => team.member_ids.includes(agent.id)).map((agent) => agent.name);
  return (
    <ListPage
      title={t('settings.page.teams.title')}
      lead={mayManage ? t('settings.page.teams.lead') : t('settings.people.read_only')}
      query={teams}
      empty={{ icon: 'people', title: t('settings.teams.none'), hint: t('settings.teams.none_hint') }}
      add={mayManage ? { label: t('settings.teams.add'), dialog: (onClose) => <TeamDialog team={NEW} onClose={onClose} /> } : undefined}
      dialogs={
        <>
          {editing ? <TeamDialog team={editing} onClose={() => setEditing(null)} /> : null}
          <RemoveDialog
            item={leaving}
            removal={remove}
            words={{
              title: ({ name }) => t('settings.teams.remove_title', { name }),
              text: t('settings.teams.remove_text'),
              done: ({ name }) => t('settings.teams.removed', { name }),
            }}
            onClose={() => setLeaving(null)}
          />
        </>
      }
    >
      {(items) => (
        <Entries>
          {items.map((team) => (
            <Entry
              key={team.id}
              sign={<span className="sq team-sq" style={{ '--h': hue(team.id) } as CSSProperties} />}
              name={team.name}
              detail={team.member_ids.length === 0 ? t('settings.teams.nobody') : format.names(names(team))}
              acts={
                mayManage ? (
                  <>
                    <IconButton icon="pen" label={t('settings.teams.edit', { name: team.name })} onPress={() => setEditing(team)} />
                    <IconButton icon="trash" label={t('settings.teams.remove', { name: team.name })} onPress={() => setLeaving(team)} />
                  </>
                ) : null
              }
            />
          ))}
        </Entries>
      )}
    </ListPage>
  );
}

function TeamDialog({ team, onClose }: { team: Partial<Team>; onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveTeam();
  const me = useMe().agent.id;
  const [name, setName] = useState(team.name ?? '');
  const [members, setMembers] = useState<string[]>(team.member_ids ?? [me]);
  const [tried, setTried] = useState(false);
  const general = generalText(t, save.error, ['name']);
  const submit = () => {
    setTried(true);
    if (name.trim()) save.mutate({ id: team.id, name: name.trim(), member_ids: members }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={team.id ? t('settings.teams.edit', { name: team.name }) : t('settings.teams.add')}
      isPending={save.isPending}
      problem={general}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameInput value={name} onChange={setName} tried={tried} error={save.error} />
      <Members label={t('settings.teams.members')} value={members} onChange={setMembers} />
    </FormDialog>
  );
}
