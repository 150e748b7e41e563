import type { ConversationDetail } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Icon, IconButton, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay } from '../session/queries';
import { pathOf } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { unlink, useCases } from './queries';
import { useProblem } from './state';

/** A problem and its cases, as either of them shows it. */
export function ProblemSection({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const links = c.links.filter((link) => link.kind === 'problem');
  const isProblem = links.some((link) => !link.follows);
  const cases = useCases(c.id, isProblem).data;
  const mayWrite = useMay('conversation.write');
  const mayReply = useMay('conversation.reply');
  if (links.length === 0) return null;
  const rows = isProblem
    ? (cases ?? []).map((one) => ({ ...one, text: one.customer.name || one.customer.email || t('app.no_name') }))
    : links.map(({ conversation: one }) => ({ ...one, text: one.subject || t('app.no_subject') }));
  const remove = (other: string) => void unlink(client, c.id, other).catch((error: unknown) => toast(problemText(t, error)));
  return (
    <section aria-label={t(isProblem ? 'work.problems.cases' : 'work.problems.problem')}>
      <h3 className="ctx-h">
        <span>{isProblem ? t('work.problems.cases_count', { count: rows.length }) : t('work.problems.problem')}</span>
        {isProblem && mayReply && !c.shelf ? (
          <Button kind="link" size="s" onPress={() => useProblem.getState().show({ kind: 'solve', id: c.id })}>
            {t('work.problems.solve')}
          </Button>
        ) : null}
      </h3>
      {rows.map((one) => (
        <div className="it" key={one.id}>
          <Icon name={one.status.kind === 'resolved' ? 'circlecheck' : isProblem ? 'chat' : 'flag'} size={16} />
          <Link
            className="grow t1"
            to={pathOf({ view: 'all_open', id: one.id })}
            style={{ color: 'inherit' }}
            title={t(`app.status.${one.status.kind}`)}
          >{`#${one.number} ${one.text}`}</Link>
          {mayWrite ? <IconButton icon="x" size="s" label={t('work.problems.remove', { number: one.number })} onPress={() => remove(one.id)} /> : null}
        </div>
      ))}
    </section>
  );
}
