import type { Session } from '@api';
import { Button, Chip, Icon, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { useSignOut } from '../../session/queries';
import { Loaded, SettingsPage } from '../page';
import { deviceOf } from './device';
import { useEndSession, useSessions } from './queries';

/** Where one is signed in, and a way to end it. */
export default function Sessions() {
  const { t } = useTranslation();
  const sessions = useSessions();
  const end = useEndSession();
  const others = (sessions.data ?? []).filter((session) => !session.current);
  const endAll = async () => {
    const results = await Promise.allSettled(others.map((session) => end.mutateAsync(session.id)));
    const failed = results.find((result) => result.status === 'rejected');
    toast(failed ? (generalText(t, failed.reason) ?? '') : t('settings.sessions.ended_all'));
  };
  return (
    <SettingsPage
      title={t('settings.page.sessions.title')}
      lead={t('settings.page.sessions.lead')}
      action={others.length > 1 ? <Button onPress={() => void endAll()}>{t('settings.sessions.end_others')}</Button> : null}
    >
      <Loaded query={sessions}>
        {(items) => (
          <ul className="card entries">
            {items.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                isEnding={end.isPending && end.variables === session.id}
                onEnd={() =>
                  end.mutate(session.id, {
                    onSuccess: () => toast(t('settings.sessions.ended')),
                    onError: (error) => toast(generalText(t, error) ?? ''),
                  })
                }
              />
            ))}
          </ul>
        )}
      </Loaded>
    </SettingsPage>
  );
}

function SessionRow({ session, onEnd, isEnding }: { session: Session; onEnd: () => void; isEnding: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const signOut = useSignOut();
  const { browser, system } = deviceOf(session.user_agent);
  const name =
    browser && system
      ? t('settings.sessions.device', { browser, system })
      : (browser ?? system ?? (session.user_agent.slice(0, 60) || t('settings.sessions.unknown')));
  return (
    <li>
      <Icon name={system === 'iPhone' || system === 'Android' ? 'phone' : 'globe'} size={20} className="faint" />
      <span className="what">
        <span className="strong">{name}</span>
        <span className="small dim">
          {session.current ? (
            t('settings.sessions.now')
          ) : (
            <time title={format.exact(session.last_seen_at)}>{t('settings.sessions.seen', { when: format.ago(session.last_seen_at) })}</time>
          )}{' '}
          · {session.ip} · {t('settings.sessions.since', { when: format.day(session.created_at) })}
        </span>
      </span>
      <span className="acts-in">
        {session.current ? (
          <>
            <Chip tone="accent">{t('settings.sessions.this')}</Chip>
            <Button kind="quiet" isPending={signOut.isPending} onPress={() => signOut.mutate()}>
              {t('app.command.sign_out')}
            </Button>
          </>
        ) : (
          <Button kind="quiet" isPending={isEnding} onPress={onEnd} aria-label={t('settings.sessions.end_named', { name })}>
            {t('settings.sessions.end')}
          </Button>
        )}
      </span>
    </li>
  );
}
