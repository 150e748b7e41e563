import './bulk.css';
import type { BulkAction } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, IconButton, toast } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../conversation/cache';
import { useFormat } from '../i18n/use-format';
import { codeText, problemText } from '../shell/problem-text';
import { cancelBulk, undoBulk, useBulkAction } from './queries';
import { useBulk } from './selection';
import { useActionWords } from './words';

/** What is at work on many conversations, and what became of it. */
export default function BulkTray() {
  const { t } = useTranslation();
  const watched = useBulk((s) => s.watched);
  return (
    <section className="bulk-tray" aria-label={t('bulk.tray')}>
      {watched.map((id) => (
        <Watched key={id} id={id} />
      ))}
    </section>
  );
}

function Watched({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const bulk = useBulkAction(id).data;
  const forget = useBulk((s) => s.forget);
  const state = bulk?.state;
  const failed = (error: unknown) => toast(problemText(t, error));
  const renew = () => client.invalidateQueries({ queryKey: ['bulk', id] });
  const undo = () => {
    undoBulk(id).then((begun) => {
      client.setQueryData(['bulk', id], begun);
      useBulk.getState().watch(id);
      // It may be through before this answer was read.
      void renew();
    }, failed);
  };
  // The end is told once: as a toast, which can take it back, and as a card where something could not be done.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each state
  useEffect(() => {
    if (!bulk || state === 'running' || state === 'undoing') return;
    void client.invalidateQueries({ queryKey: keys.lists });
    void client.invalidateQueries({ queryKey: keys.counts });
    void client.invalidateQueries({ queryKey: ['conversation'] });
    if (state === 'undone') {
      toast(t('bulk.undone'));
      return forget(id);
    }
    if (bulk.changed > 0 || bulk.failed === 0)
      toast(t(bulk.changed === 0 ? 'bulk.nothing' : state === 'cancelled' ? 'bulk.stopped' : 'bulk.done', { count: bulk.changed }), {
        ...(bulk.changed > 0 ? { undo, undoLabel: t('app.undo'), ms: 12_000 } : {}),
      });
    if (bulk.failed === 0) forget(id);
  }, [state]);
  if (!bulk) return null;
  if (state === 'running' || state === 'undoing') return <Working bulk={bulk} onStop={() => cancelBulk(id).then(renew, failed)} />;
  return bulk.failed > 0 && state !== 'undone' ? <Faults bulk={bulk} onUndo={undo} onClose={() => forget(id)} /> : null;
}

function Working({ bulk, onStop }: { bulk: BulkAction; onStop: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useActionWords();
  const undoing = bulk.state === 'undoing';
  const total = undoing ? bulk.changed : bulk.total;
  const percent = total > 0 ? Math.min(100, Math.round((bulk.seen / total) * 100)) : 0;
  const what = undoing ? t('bulk.undoing') : words(bulk.actions);
  return (
    <div className="bulk-card">
      <div className="bulk-line">
        <b className="t1">{what}</b>
        <span className="dim num">{t('bulk.progress', { seen: format.count(bulk.seen), total: format.count(total) })}</span>
        {undoing ? null : (
          <Button size="s" onPress={onStop}>
            {t('bulk.stop')}
          </Button>
        )}
      </div>
      <div className="bar" role="progressbar" aria-label={what} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <i style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

function Faults({ bulk, onUndo, onClose }: { bulk: BulkAction; onUndo: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useActionWords();
  const [open, setOpen] = useState(false);
  return (
    <div className="bulk-card" role="status">
      <div className="bulk-line">
        <b className="t1">{words(bulk.actions)}</b>
        <span className="grow" />
        <IconButton icon="x" size="s" label={t('app.close')} tip={false} onPress={onClose} />
      </div>
      <div className="bulk-line">
        <span className="bad">{t('bulk.failed', { count: bulk.failed })}</span>
        <span className="grow" />
        {bulk.changed > 0 ? (
          <Button size="s" onPress={onUndo}>
            {t('app.undo')}
          </Button>
        ) : null}
        <Button size="s" onPress={() => setOpen(true)}>
          {t('bulk.show')}
        </Button>
      </div>
      <Dialog
        title={t('bulk.failed', { count: bulk.failed })}
        isOpen={open}
        onClose={() => setOpen(false)}
        wide
        actions={
          <Button kind="primary" onPress={() => setOpen(false)}>
            {t('app.close')}
          </Button>
        }
      >
        <p className="dim small">{t('bulk.failed_lead')}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
        <ul className="bulk-faults" tabIndex={0} aria-label={t('bulk.failed', { count: bulk.failed })}>
          {bulk.faults.map((fault) => (
            <li key={fault.conversation_id}>
              <Link to={`/conversations/${fault.conversation_id}`} onClick={() => setOpen(false)}>
                #{fault.number} {fault.subject || t('app.no_subject')}
              </Link>
              <span className="dim small">{codeText(t, fault.code) ?? fault.detail}</span>
            </li>
          ))}
        </ul>
        {bulk.failed > bulk.faults.length ? <p className="dim small">{t('bulk.more_failed', { count: bulk.failed - bulk.faults.length })}</p> : null}
      </Dialog>
    </div>
  );
}
