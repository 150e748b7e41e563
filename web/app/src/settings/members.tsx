import { Avatar, Button, Chip, Picker } from '@ui';
import { useTranslation } from 'react-i18next';
import { useAgents } from '../people/queries';

/** Chooses some of the team, found by typing. */
export function Members({ label, hint, value, onChange }: { label: string; hint?: string; value: readonly string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const agents = (useAgents().data ?? []).filter((agent) => agent.active || value.includes(agent.id));
  const chosen = agents.filter((agent) => value.includes(agent.id));
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="names">
        {chosen.map((agent) => (
          <Chip
            key={agent.id}
            size="m"
            removeLabel={t('app.composer.remove', { name: agent.name })}
            onRemove={() => onChange(value.filter((id) => id !== agent.id))}
          >
            {agent.name}
          </Chip>
        ))}
        <Picker
          label={label}
          placeholder={t('settings.members.find')}
          empty={t('app.assign.none')}
          multiple
          selected={value}
          groups={[
            {
              id: 'agents',
              items: agents.map((agent) => ({
                id: agent.id,
                label: agent.name,
                before: <Avatar name={agent.name} seed={agent.id} size={20} />,
                hint: agent.email,
              })),
            },
          ]}
          onPick={(id) => onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id])}
        >
          <Button size="s" icon="plus" kind="quiet">
            {t('app.add')}
          </Button>
        </Picker>
      </div>
      {hint ? <span className="hint">{hint}</span> : null}
    </div>
  );
}
