import { type LibraryCard, type NewSavedReply, Problem } from '@api';
import { Banner, Button, TextInput, toast } from '@ui';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { fieldText, generalText } from '../../form/problems';
import { problemText } from '../../shell/problem-text';
import { SettingsPage } from '../page';
import { FolderField, VisibilityField } from './parts';

type Head = Pick<NewSavedReply, 'name' | 'folder_id' | 'visibility'>;
interface Save<Content> {
  mutate: (form: Content | { id: string; archived: boolean }, then: { onSuccess: () => void }) => void;
  error: Error | null;
  isPending: boolean;
}

/** What every card of the library has, a saved reply or a macro: name, folder, who sees it, how it is stored and put away. */
export function useCard<Content>(
  card: (LibraryCard & { id: string }) | null,
  home: '/settings/replies' | '/settings/macros',
  save: Save<Head & Content & { id?: string; version?: number }>,
) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [head, setHead] = useState<Head>({ name: card?.name ?? '', folder_id: card?.folder_id ?? null, visibility: card?.visibility ?? { kind: 'everyone' } });
  const [tried, setTried] = useState(false);
  const done = (said: string) => ({
    onSuccess: () => {
      toast(said);
      void navigate(home);
    },
  });
  /** `null` for what cannot be stored yet; the fields say why. */
  const store = (content: Content | null) => {
    setTried(true);
    if (!head.name.trim() || !content) return;
    save.mutate({ ...(card ? { id: card.id, version: card.version } : {}), ...head, ...content }, done(t('settings.saved')));
  };
  const archive = () => {
    if (!card) return;
    save.mutate({ id: card.id, archived: card.archived_at === null }, done(t(card.archived_at ? 'library.restored' : 'library.put_away', { name: card.name })));
  };
  return { card, home, head, setHead, tried, error: save.error, isPending: save.isPending, locked: card !== null && !card.can_change, store, archive };
}

interface CardFormProps {
  kind: 'reply' | 'macro';
  of: Omit<ReturnType<typeof useCard<never>>, 'store'>;
  onStore: () => void;
  children: ReactNode;
}

/** The page around a card: title, what went wrong, the common fields, and below them what may be done. */
export function CardForm({ kind, of, onStore, children }: CardFormProps) {
  const { t } = useTranslation();
  const { card, home, head, setHead, tried, error, isPending, locked, archive } = of;
  const stale = error instanceof Problem && error.code === 'conflict';
  const change = (part: Partial<Head>) => setHead((now) => ({ ...now, ...part }));
  return (
    <SettingsPage
      title={card ? card.name : t(`library.${kind}.add`)}
      lead={t(`library.${kind}.lead`)}
      back={{ to: home, label: t(kind === 'reply' ? 'settings.page.replies.title' : 'settings.page.macros.title') }}
    >
      {locked ? <Banner>{t('library.locked')}</Banner> : null}
      {stale ? <Banner tone="warn">{t('library.stale')}</Banner> : error ? <Banner tone="bad">{generalText(t, error) ?? problemText(t, error)}</Banner> : null}
      <div className="lib-edit">
        <TextInput
          label={t('library.name')}
          value={head.name}
          onChange={(name) => change({ name })}
          isDisabled={locked}
          error={tried && !head.name.trim() ? t('library.name_missing') : fieldText(t, error, 'name')}
        />
        {children}
        <VisibilityField value={head.visibility} onChange={(visibility) => change({ visibility })} />
        <FolderField value={head.folder_id} onChange={(folder_id) => change({ folder_id })} />
        <div className="lib-tools">
          <span />
          {card && !locked ? (
            <Button kind="quiet" onPress={archive}>
              {t(card.archived_at ? 'library.restore' : 'library.archive')}
            </Button>
          ) : null}
          <Button kind="primary" isDisabled={locked} isPending={isPending} onPress={onStore}>
            {t('app.save')}
          </Button>
        </div>
      </div>
    </SettingsPage>
  );
}
