import type { Conversation, ConversationDetail } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, ChoiceCards, Dialog, ErrorLine, toast } from '@ui';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConversationPicker } from '../conversation/conversation-picker';
import { useSearch } from '../conversation/queries';
import { problemText } from '../shell/problem-text';
import { linkTo } from './queries';
import { useProblem } from './state';

type Kind = 'cases' | 'case_of' | 'related';

/** Says that conversations belong together. */
export default function LinkDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const isProblem = c.links.some((link) => link.kind === 'problem' && !link.follows);
  const isCase = c.links.some((link) => link.kind === 'problem' && link.follows);
  const [kind, setKind] = useState<Kind>(isCase ? 'related' : 'cases');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly Conversation[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const wanted = useDeferredValue(text.trim());
  const hits = useSearch(wanted.length >= 2 ? wanted : '', { limit: 50 }).data?.items ?? [];
  const found = [...new Map(hits.map((hit) => [hit.conversation.id, hit.conversation])).values()];
  const fits = (one: Conversation) => one.id !== c.id && !one.merged_into && !one.shelf && !one.beside;
  const offered = [...chosen, ...found.filter((one) => fits(one) && !chosen.some((other) => other.id === one.id))];
  const single = kind === 'case_of';
  const close = () => useProblem.getState().show(null);
  const go = async () => {
    const first = chosen[0];
    if (!first || busy) return;
    setBusy(true);
    try {
      if (single) await linkTo(client, first.id, 'problem', [c.id]);
      else
        await linkTo(
          client,
          c.id,
          kind === 'cases' ? 'problem' : 'related',
          chosen.map((one) => one.id),
        );
      close();
      toast(t('work.problems.linked', { count: chosen.length }));
    } catch (problem) {
      setBusy(false);
      setError(problemText(t, problem));
    }
  };
  const kinds: Kind[] = isCase ? ['related'] : isProblem ? ['cases', 'related'] : ['cases', 'case_of', 'related'];
  return (
    <Dialog
      title={t('work.problems.link_title', { number: c.number })}
      isOpen
      onClose={close}
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" icon="link" isDisabled={chosen.length === 0} isPending={busy} onPress={() => void go()}>
            {t('work.problems.link')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <ChoiceCards
          label={t('work.problems.kind')}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setChosen((now) => (next === 'case_of' ? now.slice(0, 1) : now));
            setError(null);
          }}
          items={kinds.map((id) => ({ id, label: t(`work.problems.as_${id}`), hint: t(`work.problems.as_${id}_hint`) }))}
        />
        <ConversationPicker
          label={t('work.problems.find')}
          text={text}
          onText={setText}
          offeredLabel={t('work.problems.offered')}
          offered={offered}
          none={t(wanted.length >= 2 ? 'work.merge.none' : 'work.problems.find_hint')}
          multiple={!single}
          chosen={chosen}
          onChoose={(next) => {
            setChosen(next);
            setError(null);
          }}
        />
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}
