import '../../bulk/bulk.css';
import { type BulkAction, get, type Page } from '@api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Chip, Dialog, Empty, Segmented, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { undoBulk, useBulkAction } from '../../bulk/queries';
import { useBulk } from '../../bulk/selection';
import { useActionWords } from '../../bulk/words';
import { useFormat } from '../../i18n/use-format';
import { useNames } from '../../people/queries';
import { useMay, useMe } from '../../session/queries';
import { Broken } from '../../shell/broken';
import { codeText, problemText } from '../../shell/problem-text';
import { Loaded, SettingsPage } from '../page';

const TONES = { running: 'info', undoing: 'info', done: 'ok', cancelled: 'grey', undone: 'grey' } as const;

/** What was done to many conversations at once: by oneself, or (for admins) by anybody. */
export default function BulkActions() {
  const { t } = useTranslation();
  const mayAll = useMay('audit.read');
  const [everyone, setEveryone] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['bulk', 'list', everyone],
    queryFn: ({ pageParam }) => get<Page<BulkAction>>('/bulk-actions', { query: { everyone: everyone || null, cursor: pageParam, limit: 30 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  return (
    <SettingsPage title={t('settings.page.bulk.title')} lead={t('settings.page.bulk.lead')}>
      {mayAll ? (
        <Segmented
          label={t('settings.bulk.whose')}
          value={everyone ? 'everyone' : 'mine'}
          onChange={(next) => setEveryone(next === 'everyone')}
          items={[
            { id: 'mine', label: t('settings.bulk.mine') },
            { id: 'everyone', label: t('settings.bulk.everyone') },
          ]}
        />
      ) : null}
      <Loaded
        query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}
        rows={5}
        empty={
          <Empty icon="checks" title={t('settings.bulk.none')}>
            {t('settings.bulk.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <div className="part">
            <ul className="card entries">
              {items.map((one) => (
                <Entry key={one.id} bulk={one} everyone={everyone} onShow={() => setShown(one.id)} />
              ))}
            </ul>
            <div className="more-end">
              {hasNextPage ? (
                <Button kind="quiet" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                  {t('app.more')}
                </Button>
              ) : (
                <span className="small faint">{t('app.list.end')}</span>
              )}
            </div>
          </div>
        )}
      </Loaded>
      {shown ? <Faults id={shown} onClose={() => setShown(null)} /> : null}
    </SettingsPage>
  );
}

function Entry({ bulk, everyone, onShow }: { bulk: BulkAction; everyone: boolean; onShow: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useActionWords();
  const nameOf = useNames();
  const client = useQueryClient();
  const me = useMe().agent.id;
  const [busy, setBusy] = useState(false);
  const own = bulk.agent_id === me;
  const mayUndo = own && bulk.changed > 0 && (bulk.state === 'done' || bulk.state === 'cancelled');
  const undo = async () => {
    setBusy(true);
    try {
      client.setQueryData(['bulk', bulk.id], await undoBulk(bulk.id));
      useBulk.getState().watch(bulk.id);
    } catch (error) {
      toast(problemText(t, error));
    }
    await client.invalidateQueries({ queryKey: ['bulk'] });
    setBusy(false);
  };
  const what = words(bulk.actions);
  const facts = [
    ...(everyone ? [own ? t('settings.bulk.you') : (nameOf(bulk.agent_id) ?? t('app.no_name'))] : []),
    format.exact(bulk.created_at),
    t('settings.bulk.of', { changed: format.count(bulk.changed), count: bulk.total, total: format.count(bulk.total) }),
  ];
  return (
    <li>
      <span className="what">
        <span className="strong wrap">{what}</span>
        <span className="small dim wrap">
          {facts.join(' · ')}
          {bulk.failed > 0 ? <span className="bad"> · {t('bulk.failed', { count: bulk.failed })}</span> : null}
        </span>
      </span>
      <span className="acts-in">
        <Chip tone={TONES[bulk.state]}>{t(`settings.bulk.state.${bulk.state}`)}</Chip>
        {bulk.failed > 0 ? (
          <Button kind="quiet" size="s" onPress={onShow} aria-label={t('settings.bulk.show_named', { what })}>
            {t('bulk.show')}
          </Button>
        ) : null}
        {mayUndo ? (
          <Button kind="quiet" size="s" isPending={busy} onPress={() => void undo()} aria-label={t('settings.bulk.undo_named', { what })}>
            {t('app.undo')}
          </Button>
        ) : null}
      </span>
    </li>
  );
}

function Faults({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const bulk = useBulkAction(id);
  const faults = bulk.data?.faults ?? [];
  return (
    <Dialog
      title={t('bulk.failed', { count: bulk.data?.failed ?? 0 })}
      isOpen
      onClose={onClose}
      wide
      actions={
        <Button kind="primary" onPress={onClose}>
          {t('app.close')}
        </Button>
      }
    >
      {bulk.isError ? <Broken error={bulk.error} onRetry={() => void bulk.refetch()} /> : null}
      <p className="dim small">{t('bulk.failed_lead')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <ul className="bulk-faults" tabIndex={0} aria-label={t('bulk.failed', { count: bulk.data?.failed ?? 0 })}>
        {faults.map((fault) => (
          <li key={fault.conversation_id}>
            <Link to={`/conversations/${fault.conversation_id}`}>
              #{fault.number} {fault.subject || t('app.no_subject')}
            </Link>
            <span className="dim small">{codeText(t, fault.code) ?? fault.detail}</span>
          </li>
        ))}
      </ul>
      {(bulk.data?.failed ?? 0) > faults.length ? (
        <p className="dim small">{t('bulk.more_failed', { count: (bulk.data?.failed ?? 0) - faults.length })}</p>
      ) : null}
    </Dialog>
  );
}
