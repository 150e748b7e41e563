import type { Role } from '@api';
import { Button, ErrorLine, Icon, IconButton, Select, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Form } from '../../form/form';
import { fieldText, generalText, isAddress } from '../../form/problems';
import { useInvite } from '../../people/queries';
import { useMe } from '../../session/queries';
import { SetUpFrame } from './frame';

interface Guest {
  key: number;
  email: string;
  role: Role;
  state: 'new' | 'sent' | 'failed';
  error?: string;
}
const empty = (key: number): Guest => ({ key, email: '', role: 'agent', state: 'new' });

/** Invites colleagues, if there are any. */
export function TeamStep() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const language = useMe().workspace.language;
  const invite = useInvite();
  const [guests, setGuests] = useState<Guest[]>([empty(0)]);
  const [busy, setBusy] = useState(false);
  const put = (key: number, change: Partial<Guest>) => setGuests((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const filled = guests.filter((guest) => guest.email.trim() && guest.state !== 'sent');
  const sent = guests.filter((guest) => guest.state === 'sent').length;

  const submit = async () => {
    if (filled.length === 0) return void navigate('/setup/test');
    setBusy(true);
    let failed = false;
    for (const guest of filled) {
      if (!isAddress(guest.email)) {
        put(guest.key, { state: 'failed', error: t('form.wrong.email') });
        failed = true;
        continue;
      }
      try {
        await invite.mutateAsync({ email: guest.email.trim(), name: '', role: guest.role, language });
        put(guest.key, { state: 'sent', error: undefined });
      } catch (error) {
        put(guest.key, { state: 'failed', error: fieldText(t, error, 'email', 'email') ?? generalText(t, error) });
        failed = true;
      }
    }
    setBusy(false);
    if (!failed) void navigate('/setup/test');
  };
  return (
    <SetUpFrame step="team" lead={t('entry.step.team.lead')}>
      <Form
        className="form"
        onSubmit={() => {
          void submit();
        }}
      >
        {guests.map((guest, i) => (
          <div key={guest.key} className="guest">
            {guest.state === 'sent' ? (
              <p className="row ok-words">
                <Icon name="circlecheck" size={18} />
                <span className="t1">{t('entry.step.team.sent', { email: guest.email.trim() })}</span>
              </p>
            ) : (
              <>
                <TextInput
                  label={t('form.email')}
                  hideLabel={i > 0}
                  type="email"
                  value={guest.email}
                  onChange={(email) => put(guest.key, { email, state: 'new', error: undefined })}
                  autoComplete="off"
                  autoFocus={i === guests.length - 1}
                />
                <Select<Role>
                  label={t('entry.role')}
                  hideLabel={i > 0}
                  value={guest.role}
                  onChange={(role) => put(guest.key, { role })}
                  items={(['admin', 'agent', 'viewer'] as const).map((id) => ({ id, label: t(`form.role.${id}`) }))}
                />
                {guests.length > 1 ? (
                  <IconButton icon="x" label={t('entry.step.team.remove')} onPress={() => setGuests(guests.filter((one) => one.key !== guest.key))} />
                ) : (
                  <span />
                )}
                {guest.error ? <ErrorLine>{guest.error}</ErrorLine> : null}
              </>
            )}
          </div>
        ))}
        <div>
          <Button icon="plus" kind="quiet" onPress={() => setGuests([...guests, empty(Math.max(...guests.map((one) => one.key)) + 1)])}>
            {t('entry.step.team.another')}
          </Button>
        </div>
        <p className="hint">{t('entry.step.team.hint')}</p>
        <div className="row">
          {filled.length > 0 || sent > 0 ? (
            <Button kind="primary" size="l" type="submit" isPending={busy}>
              {filled.length > 0 ? t('entry.step.team.do', { count: filled.length }) : t('entry.next')}
            </Button>
          ) : null}
          {sent === 0 ? (
            <Button kind={filled.length > 0 ? 'quiet' : 'plain'} size="l" onPress={() => void navigate('/setup/test')}>
              {t('entry.later')}
            </Button>
          ) : null}
        </div>
      </Form>
    </SetUpFrame>
  );
}
