import { Button, IconButton, Skeleton } from '@ui';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useTitle } from '../form/use-title';
import { useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import type { Draft } from './draft';

export interface SettingsPageProps {
  title: string;
  /** One sentence that explains the page. */
  lead: ReactNode;
  children: ReactNode;
  /** At the right of the title. */
  action?: ReactNode;
  /** Where the way back leads; to the list of settings when absent (on phones only). */
  back?: { to: string; label: string };
  saveBar?: ReactNode;
}

/** One settings page: title, sentence, sections, and the save bar when something is unsaved. */
export function SettingsPage({ title, lead, children, action, back, saveBar }: SettingsPageProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const workspace = useMe().workspace.name;
  useTitle(`${title} · ${workspace}`);
  return (
    <main className="col set-main" id="main" tabIndex={-1}>
      <div className="scroll">
        <div className="set-in">
          <header>
            {back ? (
              <div className="hang">
                <Button kind="quiet" icon="left" onPress={() => void navigate(back.to)}>
                  {back.label}
                </Button>
              </div>
            ) : (
              <span className="phone-only hang">
                <IconButton icon="left" label={t('settings.title')} onPress={() => void navigate('/settings')} />
              </span>
            )}
            <div className="set-head">
              <h1>{title}</h1>
              {action}
            </div>
            <p className="lead">{lead}</p>
          </header>
          {children}
        </div>
      </div>
      {saveBar}
    </main>
  );
}

/** A part of a page: what it is on the left, its controls on the right. */
export function Section({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="sec">
      <div>
        <h2>{title}</h2>
        {hint ? <p>{hint}</p> : null}
      </div>
      <div className="sec-in">{children}</div>
    </section>
  );
}

/** Stands at the bottom while something is unsaved; Ctrl+S saves. */
export function SaveBar<T extends object>({ draft, onSave, isSaving, error }: { draft: Draft<T>; onSave: () => void; isSaving: boolean; error?: string }) {
  const { t } = useTranslation();
  const unsaved = draft.count > 0;
  useEffect(() => {
    if (!unsaved) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      onSave();
    };
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('keydown', onKey);
    addEventListener('beforeunload', onLeave);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('beforeunload', onLeave);
    };
  }, [unsaved, onSave]);
  return (
    <div className="savebar-at" role="status">
      {unsaved ? (
        <div className="savebar" data-bad={error ? 'yes' : undefined}>
          <span className="dot" />
          <span className="grow">{error ?? t('settings.unsaved', { count: draft.count })}</span>
          <Button kind="quiet" onPress={draft.discard} isDisabled={isSaving}>
            {t('settings.discard')}
          </Button>
          <Button kind="primary" keys="Mod+s" onPress={onSave} isPending={isSaving}>
            {t('app.save')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** What a list page has to know of its query. */
export interface LoadedQuery<T> {
  data: T[] | undefined;
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** A list that is loading, broken, empty or there. */
export function Loaded<T>({
  query,
  empty,
  children,
  rows = 3,
}: {
  query: LoadedQuery<T>;
  empty?: ReactNode;
  children: (items: T[]) => ReactNode;
  rows?: number;
}) {
  if (query.isError && !query.data) return <Broken error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending || !query.data)
    return (
      <div className="stack" aria-busy="true">
        {Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: stand-ins have no identity
          <Skeleton key={i} height={56} />
        ))}
      </div>
    );
  if (query.data.length === 0 && empty) return empty;
  return children(query.data);
}
