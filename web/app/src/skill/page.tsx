import '../routing/routing.css';
import type { Agent, Availability, Capacity, Skill } from '@api';
import { Avatar, Checkbox, Icon, IconButton, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAvailabilities } from '../availability/queries';
import { FormDialog } from '../form/dialog';
import { NameInput } from '../form/name-input';
import { fieldText, generalText } from '../form/problems';
import { useAgents } from '../people/queries';
import { Entries, Entry, ListPage } from '../settings/list-page';
import { RemoveDialog } from '../settings/remove-dialog';
import { useDeleteSkill, useSaveSkill, useSaveWork, useSkills } from './queries';

const USUAL: Capacity = { total: 12, chat: 4, mail: 10 };
const PARTS = ['chat', 'mail', 'total'] as const;

/** What agents can do, and how much they have at once. */
export default function Skills() {
  const { t, i18n } = useTranslation();
  const skills = useSkills();
  const remove = useDeleteSkill();
  const people = useAvailabilities().data ?? [];
  const agents = (useAgents().data ?? []).filter((agent) => agent.active && agent.role !== 'viewer').sort((a, b) => a.name.localeCompare(b.name));
  const [editing, setEditing] = useState<Skill | null>(null);
  const [leaving, setLeaving] = useState<Skill | null>(null);
  const [working, setWorking] = useState<Agent | null>(null);
  const of = (agent: Agent) => people.find((one) => one.agent_id === agent.id);
  const language = (tag: string) => new Intl.DisplayNames([i18n.language], { type: 'language', fallback: 'code' }).of(tag) ?? tag;
  const words = (is: Availability | undefined) => {
    const { chat, mail } = is?.capacity ?? USUAL;
    const names = (skills.data ?? []).filter((one) => is?.skill_ids.includes(one.id)).map((one) => one.name);
    return [t('routing.work.short', { chat, mail }), names.join(', ')].filter(Boolean).join(' · ');
  };
  return (
    <ListPage
      title={t('settings.page.skills.title')}
      lead={t('settings.page.skills.lead')}
      query={{ ...skills, data: skills.data }}
      empty={{ icon: 'star', title: t('routing.skill.none'), hint: t('routing.skill.none_hint') }}
      add={{ label: t('routing.skill.add'), dialog: (onClose) => <SkillDialog skill={null} onClose={onClose} /> }}
      dialogs={
        <>
          {editing ? <SkillDialog skill={editing} onClose={() => setEditing(null)} /> : null}
          {working ? <WorkDialog agent={working} is={of(working)} skills={skills.data ?? []} onClose={() => setWorking(null)} /> : null}
          <RemoveDialog
            item={leaving}
            removal={remove}
            words={{
              title: ({ name }) => t('routing.skill.remove_title', { name }),
              text: t('routing.skill.remove_text'),
              done: ({ name }) => t('routing.skill.removed', { name }),
            }}
            onClose={() => setLeaving(null)}
          />
        </>
      }
    >
      {(items) => (
        <>
          <Entries>
            {items.map((skill) => (
              <Entry
                key={skill.id}
                sign={<Icon name={skill.language ? 'globe' : 'star'} />}
                name={skill.name}
                detail={[
                  skill.language ? language(skill.language) : '',
                  t('routing.skill.had', { count: people.filter((one) => one.skill_ids.includes(skill.id)).length }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
                acts={
                  <>
                    <IconButton icon="pen" label={t('settings.fields.edit', { name: skill.name })} onPress={() => setEditing(skill)} />
                    <IconButton icon="trash" label={t('routing.queue.remove', { name: skill.name })} onPress={() => setLeaving(skill)} />
                  </>
                }
              />
            ))}
          </Entries>
          <section className="part">
            <h2>{t('routing.work.title')}</h2>
            <Entries>
              {agents.map((agent) => (
                <Entry
                  key={agent.id}
                  sign={<Avatar name={agent.name} seed={agent.id} />}
                  name={agent.name}
                  detail={words(of(agent))}
                  acts={<IconButton icon="pen" label={t('settings.fields.edit', { name: agent.name })} onPress={() => setWorking(agent)} />}
                />
              ))}
            </Entries>
          </section>
        </>
      )}
    </ListPage>
  );
}

function SkillDialog({ skill, onClose }: { skill: Skill | null; onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveSkill();
  const [name, setName] = useState(skill?.name ?? '');
  const [language, setLanguage] = useState(skill?.language ?? '');
  const [tried, setTried] = useState(false);
  return (
    <FormDialog
      title={skill ? t('settings.fields.edit', { name: skill.name }) : t('routing.skill.add')}
      isPending={save.isPending}
      problem={generalText(t, save.error, ['name', 'language'])}
      onSubmit={() => {
        setTried(true);
        if (name.trim()) save.mutate({ id: skill?.id, name: name.trim(), language: language.trim() || null }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      <NameInput value={name} onChange={setName} tried={tried} error={save.error} />
      <TextInput
        label={t('routing.skill.language')}
        hint={t('routing.skill.language_hint')}
        value={language}
        onChange={setLanguage}
        placeholder={t('routing.skill.language_example')}
        autoComplete="off"
        error={fieldText(t, save.error, 'language')}
      />
    </FormDialog>
  );
}

function WorkDialog({ agent, is, skills, onClose }: { agent: Agent; is: Availability | undefined; skills: readonly Skill[]; onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveWork();
  const start = is?.capacity ?? USUAL;
  const [numbers, setNumbers] = useState({ chat: String(start.chat), mail: String(start.mail), total: String(start.total) });
  const [has, setHas] = useState<string[]>(is?.skill_ids ?? []);
  const [tried, setTried] = useState(false);
  const wrong = (part: (typeof PARTS)[number]) => !/^\d{1,3}$/.test(numbers[part].trim());
  return (
    <FormDialog
      title={t('routing.work.of', { name: agent.name })}
      isPending={save.isPending}
      problem={generalText(t, save.error)}
      onSubmit={() => {
        setTried(true);
        if (PARTS.some(wrong)) return;
        const capacity = { chat: Number(numbers.chat), mail: Number(numbers.mail), total: Number(numbers.total) };
        save.mutate({ agent: agent.id, capacity, skill_ids: has }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      <div className="work-row">
        {PARTS.map((part) => (
          <TextInput
            key={part}
            label={t(`routing.work.${part}`)}
            value={numbers[part]}
            onChange={(value) => setNumbers({ ...numbers, [part]: value })}
            inputMode="numeric"
            error={tried && wrong(part) ? t('routing.queue.number_wrong') : undefined}
          />
        ))}
      </div>
      <p className="hint">{t('routing.work.hint')}</p>
      {skills.map((skill) => (
        <Checkbox key={skill.id} isSelected={has.includes(skill.id)} onChange={(on) => setHas(on ? [...has, skill.id] : has.filter((id) => id !== skill.id))}>
          {skill.name}
        </Checkbox>
      ))}
    </FormDialog>
  );
}
