import type { BulkAction, Conversation, ConversationDetail } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Checkbox, Dialog, ErrorLine, Progress, Select } from '@ui';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../conversation/cache';
import { Holes } from '../library/changes';
import { TemplateField } from '../settings/library/parts';
import { problemText } from '../shell/problem-text';
import { solve, takeBack, useAnswerPreview, useBulk, useCases } from './queries';
import { useProblem } from './state';

/** Answers the customers of all cases, and shows what became of each. */
export default function SolveDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const cases = useCases(c.id, true).data ?? [];
  const [bulk, setBulk] = useState<string | null>(null);
  return bulk ? <Outcome conversation={c} bulk={bulk} cases={cases} /> : <Write conversation={c} cases={cases} onBegun={setBulk} />;
}

const close = () => useProblem.getState().show(null);
const nameOf = (one: Conversation) => one.customer.name || one.customer.email || `#${one.number}`;

function Write({ conversation: c, cases, onBegun }: { conversation: ConversationDetail; cases: Conversation[]; onBegun: (bulk: string) => void }) {
  const { t } = useTranslation();
  const [html, setHtml] = useState('');
  const [resolve, setResolve] = useState(true);
  const [shown, setShown] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const of = cases.find((one) => one.id === shown) ?? cases[0];
  const preview = useAnswerPreview(useDeferredValue(html), of?.id ?? null);
  const open = preview.data?.placeholders ?? [];
  const send = async () => {
    if (busy) return;
    if (!html) return setError(t('app.warn.empty'));
    setBusy(true);
    setError(null);
    try {
      onBegun((await solve(c.id, { html, resolve })).id);
    } catch (problem) {
      setBusy(false);
      setError(problemText(t, problem));
    }
  };
  return (
    <Dialog
      title={t('work.problems.solve_title', { number: c.number })}
      isOpen
      onClose={close}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" icon="send" isDisabled={cases.length === 0 || open.length > 0} isPending={busy} onPress={() => void send()}>
            {t('work.problems.answer', { count: cases.length })}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <p className="dim small">{t('work.problems.solve_lead', { count: cases.length })}</p>
        <TemplateField label={t('work.problems.words')} value="" onChange={setHtml} />
        {of ? (
          <section className="lib-card" aria-live="polite">
            <Select
              label={t('work.problems.preview_for')}
              value={of.id}
              onChange={setShown}
              items={cases.map((one) => ({ id: one.id, label: `${nameOf(one)} · #${one.number}` }))}
            />
            {preview.isError ? (
              <p role="alert">{problemText(t, preview.error)}</p>
            ) : preview.data && html ? (
              <>
                {/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the server */}
                <div className="txt" dangerouslySetInnerHTML={{ __html: preview.data.html }} />
                <Holes missing={preview.data.missing} placeholders={preview.data.placeholders} />
              </>
            ) : (
              <p className="faint">{t('library.preview_empty')}</p>
            )}
          </section>
        ) : null}
        <div>
          <Checkbox isSelected={resolve} onChange={setResolve}>
            {t('work.problems.resolve')}
          </Checkbox>
          <p className="small dim">{t('work.problems.resolve_hint')}</p>
        </div>
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}

function Outcome({ conversation: c, bulk: id, cases }: { conversation: ConversationDetail; bulk: string; cases: Conversation[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const bulk = useBulk(id);
  const [error, setError] = useState<string | null>(null);
  const b = bulk.data;
  const state = b?.state ?? 'running';
  const atWork = state === 'running' || state === 'undoing';
  // What was drawn of the problem and its cases is another now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each end
  useEffect(() => {
    if (atWork) return;
    void client.invalidateQueries({ queryKey: ['cases', c.id] });
    void client.invalidateQueries({ queryKey: keys.lists });
    for (const one of [c, ...cases]) void client.invalidateQueries({ queryKey: keys.one(one.id) });
  }, [atWork]);
  const undo = () =>
    void takeBack(id).then(
      (fresh) => client.setQueryData<BulkAction>(['bulk-action', id], fresh),
      (problem: unknown) => setError(problemText(t, problem)),
    );
  return (
    <Dialog
      title={t('work.problems.solve_title', { number: c.number })}
      isOpen
      onClose={close}
      actions={
        <>
          {state === 'done' && (b?.changed ?? 0) > 0 ? (
            <Button kind="quiet" icon="undo" onPress={undo}>
              {t('work.problems.take_back')}
            </Button>
          ) : null}
          <Button kind="primary" onPress={close}>
            {t('app.close')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        {atWork ? (
          <>
            <p role="status">{t('work.problems.at_work', { seen: b?.seen ?? 0, total: b?.total ?? cases.length })}</p>
            <Progress value={b && b.total > 0 ? b.seen / b.total : 0} label={t('work.problems.progress')} />
          </>
        ) : state === 'undone' ? (
          <Banner tone="info">{t('work.problems.undone')}</Banner>
        ) : (
          <Banner tone={b && b.failed > 0 ? 'warn' : 'ok'}>{t('work.problems.done', { count: b?.changed ?? 0 })}</Banner>
        )}
        {b && b.faults.length > 0 ? (
          <section>
            <h3 className="ctx-h">{t('work.problems.failed', { count: b.failed })}</h3>
            <ul className="small">
              {b.faults.map((one) => (
                <li key={one.conversation_id}>{`#${one.number} ${one.subject}: ${one.detail}`}</li>
              ))}
            </ul>
          </section>
        ) : null}
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}
