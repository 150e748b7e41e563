import { Avatar, Banner, Button, Icon, type IconName, MenuLater, tip, warmMenu } from '@ui';
import { lazy, memo, type ReactNode, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { useRailMenu } from '../availability/rail';
import { useOutbox } from '../conversation/outbox';
import { warmThread } from '../conversation/pane';
import { useCounts } from '../conversation/queries';
import { useOutboxRunner } from '../conversation/use-outbox';
import { Bell } from '../notification/bell';
import { pushedFor } from '../notification/push-here';
import { registerWorker } from '../pwa/register';
import { UpdatePrompt } from '../pwa/update';
import { useMe, useSignOut, useUpdateMe } from '../session/queries';
import { useStream } from '../stream/use-stream';
import { holdEarlyKeys } from './early-keys';
import { usePlace } from './place';
import { useShell } from './state';

const Doing = lazy(() => import('./doing'));

/** Fetches what will be wanted soon, once the first screen stands. */
function useWarmUp(me: string): void {
  useEffect(() => {
    const warm = () => {
      warmMenu();
      warmThread();
      void registerWorker();
      if (pushedFor() === me) void import('../notification/push').then((push) => push.renewPush(me)).catch(() => undefined);
      void Promise.all([import('../conversation/editor'), import('../customer/context'), import('./palette'), import('../conversation/new')]).catch(
        () => undefined,
      );
    };
    if (typeof requestIdleCallback === 'function') {
      const handle = requestIdleCallback(warm, { timeout: 3000 });
      return () => cancelIdleCallback(handle);
    }
    const timer = setTimeout(warm, 1500);
    return () => clearTimeout(timer);
  }, [me]);
}

/** Opens what a notification of the service worker was clicked for. */
function useOpened(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const open = (event: MessageEvent) => {
      const path = (event.data as { open?: unknown } | null)?.open;
      if (typeof path === 'string' && path.startsWith('/conversations/')) void navigate(path);
    };
    navigator.serviceWorker?.addEventListener('message', open);
    return () => navigator.serviceWorker?.removeEventListener('message', open);
  }, [navigate]);
}

/** Around every signed-in page: rail, live stream, shortcuts, and what floats above. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  useStream();
  useOutboxRunner();
  useWarmUp(useMe().agent.id);
  useOpened();
  // `Doing` takes them over in its effect, which comes after.
  useLayoutEffect(holdEarlyKeys, []);
  const { id } = usePlace();
  const { pathname } = useLocation();
  const inThread = id !== null || /^\/(customers|companies)\/./.test(pathname);
  return (
    <div className="app" data-pane={inThread ? 'thread' : 'list'}>
      <div>
        <a className="btn skip" href="#main">
          {t('app.skip')}
        </a>
        <Connection />
        <UpdatePrompt />
      </div>
      <div className="app-body">
        <Rail />
        {children}
      </div>
      <Announcement />
      <Suspense>
        <Doing />
      </Suspense>
    </div>
  );
}

/** What is said to those who cannot see it come. */
function Announcement() {
  const announcement = useShell((s) => s.announcement);
  return (
    <div className="sr" role="status" aria-live="polite">
      {announcement}
    </div>
  );
}

/** Says when the line to the server is down, and only when it was up before. */
function Connection() {
  const { t } = useTranslation();
  const lost = useShell((s) => s.wasLive && s.connection !== 'live');
  const waiting = useOutbox((s) => s.items.filter((one) => one.state === 'waiting').length);
  const [told, setTold] = useState(false);
  // A blink is not worth a word.
  useEffect(() => {
    if (!lost) return setTold(false);
    const timer = setTimeout(() => setTold(true), 2500);
    return () => clearTimeout(timer);
  }, [lost]);
  if (!told) return null;
  return (
    <Banner
      icon="offline"
      action={
        <Button kind="link" onPress={() => dispatchEvent(new globalThis.Event('online'))}>
          {t('app.offline.retry')}
        </Button>
      }
    >
      <b className="strong">{t('app.offline.title')}</b> {waiting > 0 ? t('app.offline.waiting', { count: waiting }) : t('app.offline.text')}
    </Banner>
  );
}

function RailLink({
  to,
  icon,
  label,
  keys,
  current,
  badge,
  spoken,
}: {
  to: string;
  icon: IconName;
  label: string;
  keys?: string;
  current: boolean;
  badge?: number;
  spoken?: string;
}) {
  return (
    <Link to={to} {...tip(label, keys)} aria-label={spoken ?? label} aria-current={current ? 'page' : undefined}>
      <Icon name={icon} size={20} />
      <span className="rail-word">{label}</span>
      {badge ? <span className="badge" data-text={badge > 99 ? '99+' : badge} aria-hidden="true" /> : null}
    </Link>
  );
}

const Rail = memo(function Rail() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const me = useMe();
  const counts = useCounts().data;
  const connection = useShell((s) => s.connection);
  const signOut = useSignOut();
  const update = useUpdateMe();
  const { preferences, language } = me.agent;
  const own = useRailMenu();
  const mine = counts?.mine ?? 0;
  const inbox = pathname.startsWith('/inbox') || pathname.startsWith('/conversations');

  return (
    <nav className="col rail" aria-label={t('app.nav.label')}>
      <span className="mark" aria-hidden="true">
        <Icon name="mark" size={22} />
      </span>
      <RailLink
        to="/inbox/all_open"
        icon="inbox"
        label={t('app.nav.inbox')}
        keys="g i"
        current={inbox}
        badge={mine}
        spoken={mine > 0 ? t('app.nav.inbox_mine', { count: mine }) : undefined}
      />
      <Bell />
      <RailLink
        to="/customers"
        icon="people"
        label={t('app.nav.customers')}
        keys="g c"
        current={pathname.startsWith('/customers') || pathname.startsWith('/companies')}
      />
      {own.places.map((place) => (
        <span key={place.to} className="as-is desk-only">
          <RailLink {...place} current={pathname.startsWith(place.to)} />
        </span>
      ))}
      <span className="grow" />
      <RailLink to="/settings" icon="gear" label={t('app.nav.settings')} keys="g ," current={pathname.startsWith('/settings')} />
      <MenuLater
        label={t('app.nav.you')}
        placement="right bottom"
        groups={[
          ...own.groups,
          {
            id: 'theme',
            title: t('app.theme.label'),
            items: (['system', 'light', 'dark'] as const).map((theme) => ({
              id: theme,
              label: t(`app.theme.name.${theme}`),
              isSelected: preferences.theme === theme,
              onAction: () => update.mutate({ preferences: { ...preferences, theme } }),
            })),
          },
          {
            id: 'density',
            title: t('app.density.label'),
            items: (['comfortable', 'compact'] as const).map((density) => ({
              id: density,
              label: t(`app.density.name.${density}`),
              isSelected: preferences.density === density,
              onAction: () => update.mutate({ preferences: { ...preferences, density } }),
            })),
          },
          {
            id: 'language',
            title: t('app.language.label'),
            items: (['en', 'ko'] as const).map((one) => ({
              id: one,
              label: t(`app.language.${one}`),
              isSelected: language === one,
              onAction: () => update.mutate({ language: one }),
            })),
          },
          {
            id: 'session',
            items: [
              { id: 'help', label: t('app.command.help'), icon: 'help', keys: '?', onAction: () => useShell.getState().set({ help: true }) },
              { id: 'out', label: t('app.command.sign_out'), icon: 'out', onAction: () => signOut.mutate() },
            ],
          },
        ]}
      >
        <RawButton
          className="me"
          data-state={own.state}
          data-here={own.here}
          aria-label={[t('app.nav.you_named', { name: me.agent.name }), own.label].filter(Boolean).join(', ')}
        >
          <Avatar name={me.agent.name} seed={me.agent.id} online={connection === 'live'} />
          <span className="rail-word">{t('app.nav.you')}</span>
        </RawButton>
      </MenuLater>
    </nav>
  );
});
