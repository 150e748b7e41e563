import { hue, Icon, IconButton, Keys } from '@ui';
import type { CSSProperties } from 'react';
import { memo } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCounts } from '../conversation/queries';
import { FIXED, INVOLVED, SHELVES, VIEW_ICONS } from '../conversation/views';
import { useFormat } from '../i18n/use-format';
import { useInboxes, useServerStatus, useTeams } from '../people/queries';
import { useMay, useMe } from '../session/queries';
import { SavedViews } from '../view/nav';
import { pathOf, usePlace } from './place';
import { useShell } from './state';

/** The views with their live counts, and how the house is. */
export const Views = memo(function Views() {
  const { t } = useTranslation();
  const format = useFormat();
  const { view } = usePlace();
  const workspace = useMe().workspace;
  const counts = useCounts().data;
  const teams = useTeams().data ?? [];
  const inboxes = (useInboxes().data ?? []).filter((inbox) => !inbox.archived);
  const viewsOpen = useShell((s) => s.viewsOpen);
  const { toggleViews } = useShell.getState();
  const current = (key: string) => (view === key ? ('page' as const) : undefined);
  const number = (n: number | undefined) => (n === undefined || n === 0 ? null : <span className="n">{format.count(n)}</span>);
  return (
    <nav className="col views" aria-label={t('app.views')} inert={!viewsOpen}>
      <div className="hbar">
        <span className="strong t1">{workspace.name}</span>
        <span className="grow" />
        <IconButton icon="sidebar" size="s" label={t('app.hide_views')} onPress={toggleViews} />
      </div>
      <RawButton className="find" onPress={() => useShell.getState().openPalette()}>
        <Icon name="search" />
        <span>{t('app.palette.open')}</span>
        <span className="keys">
          <Keys keys="Mod+k" joined />
        </span>
      </RawButton>
      <div className="scroll">
        <div className="vg">
          {FIXED.filter((key) => key !== 'resolved').map((key) => (
            <Link key={key} className="vw" to={pathOf({ view: key })} aria-current={current(key)}>
              <Icon name={VIEW_ICONS[key]} />
              <span className="t1">{t(`app.view.${key}`)}</span>
              {number(counts?.[key])}
            </Link>
          ))}
          {INVOLVED.map((key) => (
            <Link key={key} className="vw" to={pathOf({ view: key })} aria-current={current(key)}>
              <Icon name={VIEW_ICONS[key]} />
              <span className="t1">{t(`app.view.${key}`)}</span>
              {number(counts?.[key])}
            </Link>
          ))}
          <Link className="vw" to={pathOf({ view: 'resolved' })} aria-current={current('resolved')}>
            <Icon name="circlecheck" />
            <span className="t1">{t('app.view.resolved')}</span>
          </Link>
          {SHELVES.map((key) => (
            <Link key={key} className="vw" to={pathOf({ view: key })} aria-current={current(key)}>
              <Icon name={VIEW_ICONS[key]} />
              <span className="t1">{t(`app.view.${key}`)}</span>
              {key === 'spam' ? number(counts?.spam) : null}
            </Link>
          ))}
        </div>
        <SavedViews />
        {teams.length > 0 ? (
          <div className="vg">
            <h2>{t('app.teams')}</h2>
            {teams.map((team) => (
              <Link key={team.id} className="vw" to={pathOf({ view: team.id })} aria-current={current(team.id)}>
                <span className="sq" style={{ '--h': hue(team.id) } as CSSProperties} />
                <span className="t1">{team.name}</span>
                {number(counts?.teams[team.id])}
              </Link>
            ))}
          </div>
        ) : null}
        {inboxes.length > 0 ? (
          <div className="vg">
            <h2>{t('app.inboxes')}</h2>
            {inboxes.map((inbox) => (
              <Link key={inbox.id} className="vw" to={pathOf({ view: inbox.id })} aria-current={current(inbox.id)} title={inbox.address}>
                <Icon name="mail" />
                <span className="t1">{inbox.name}</span>
                {number(counts?.inboxes[inbox.id])}
              </Link>
            ))}
          </div>
        ) : null}
      </div>
      <Health />
    </nav>
  );
});

function Health() {
  const { t } = useTranslation();
  const status = useServerStatus().data;
  const connection = useShell((s) => s.connection);
  const mayQuarantine = useMay('mail.quarantine');
  const mayInboxes = useMay('inbox.manage');
  if (connection !== 'live')
    return (
      <div className="health" data-tone="wait">
        <span />
        {t('app.health.connecting')}
      </div>
    );
  if (!status) return null;
  if (status.inboxes_failing > 0) {
    const text = t('app.health.failing', { count: status.inboxes_failing });
    return mayInboxes ? (
      <Link className="health" data-tone="bad" to="/settings/inboxes">
        <span />
        {text}
      </Link>
    ) : (
      <div className="health" data-tone="bad">
        <span />
        {text}
      </div>
    );
  }
  if (status.quarantined > 0 && mayQuarantine)
    return (
      <Link className="health" data-tone="wait" to="/settings/quarantine">
        <span />
        {t('app.health.quarantined', { count: status.quarantined })}
      </Link>
    );
  return (
    <div className="health">
      <span />
      {t('app.health.fine')}
    </div>
  );
}
