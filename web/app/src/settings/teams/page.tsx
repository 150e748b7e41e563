import type { Team } from '@api';
import { Banner, Button, Dialog, Empty, hue, IconButton, TextInput, toast } from '@ui';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { fieldText, generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useAgents, useDeleteTeam, useSaveTeam, useTeams } from '../../people/queries';
import { useMay, useMe } from '../../session/queries';
import { Confirm } from '../confirm';
import { Members } from '../members';
import { Loaded, SettingsPage } from '../page';

/** Groups that conversations can be given to. */
export default function Teams() {
  const { t } = useTranslation();
  const format = useFormat();
  const teams = useTeams();
  const agents = useAgents().data ?? [];
  const mayManage = useMay('people.manage');
  const remove = useDeleteTeam();
  const [editing, setEditing] = useState<Partial<Team> | null>(null);
  const [leaving, setLeaving] = useState<Team | null>(null);
  const add = mayManage ? (
    <Button kind="primary" icon="plus" onPress={() => setEditing({})}>
      {t('settings.teams.add')}
    </Button>
  ) : null;
  const names = (team: Team) => agents.filter((agent) => team.member_ids.includes(agent.id)).map((agent) => agent.name);
  return (
    <SettingsPage
      title={t('settings.page.teams.title')}
      lead={mayManage ? t('settings.page.teams.lead') : t('settings.people.read_only')}
      action={teams.data?.length ? add : null}
    >
      <Loaded
        query={teams}
        empty={
          <Empty icon="people" title={t('settings.teams.none')} action={add}>
            {t('settings.teams.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul className="card entries">
            {items.map((team) => (
              <li key={team.id}>
                <span className="sq team-sq" style={{ '--h': hue(team.id) } as CSSProperties} />
                <span className="what">
                  <span className="strong">{team.name}</span>
                  <span className="small dim">{team.member_ids.length === 0 ? t('settings.teams.nobody') : format.names(names(team))}</span>
                </span>
                {mayManage ? (
                  <span className="acts-in">
                    <IconButton icon="pen" label={t('settings.teams.edit', { name: team.name })} onPress={() => setEditing(team)} />
                    <IconButton icon="trash" label={t('settings.teams.remove', { name: team.name })} onPress={() => setLeaving(team)} />
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {editing ? <TeamDialog team={editing} onClose={() => setEditing(null)} /> : null}
      <Confirm
        title={t('settings.teams.remove_title', { name: leaving?.name })}
        text={t('settings.teams.remove_text')}
        action={t('settings.remove')}
        isOpen={leaving !== null}
        isPending={remove.isPending}
        error={remove.error}
        onClose={() => {
          remove.reset();
          setLeaving(null);
        }}
        onDo={() =>
          leaving &&
          remove.mutate(leaving.id, {
            onSuccess: () => {
              toast(t('settings.teams.removed', { name: leaving.name }));
              setLeaving(null);
            },
          })
        }
      />
    </SettingsPage>
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
    <Dialog
      title={team.id ? t('settings.teams.edit', { name: team.name }) : t('settings.teams.add')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={save.isPending} onPress={submit}>
            {t('app.save')}
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
        {general ? <Banner tone="bad">{general}</Banner> : null}
        <TextInput
          label={t('form.name')}
          value={name}
          onChange={setName}
          autoFocus
          autoComplete="off"
          error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, save.error, 'name')}
        />
        <Members label={t('settings.teams.members')} value={members} onChange={setMembers} />
      </Form>
    </Dialog>
  );
}
