import type { Event } from '@api';
import { Button, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useConversation } from '../conversation/queries';
import { useMay } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { useWide } from '../shell/use-media';
import { openSide } from '../side/state';
import { useUnmerge } from './dialogs';

const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Under a line about a merge or a split: the way to the other conversation, and back. */
export function EventLinks({ event }: { event: Event }) {
  const side = idOf(event.data.side);
  if (event.kind === 'conversation.side' && side && event.conversation_id) return <OpenSide parent={event.conversation_id} side={side} />;
  const from = idOf(event.data.from);
  const into = idOf(event.data.into);
  if (!from || !into || !event.conversation_id) return null;
  const here = event.conversation_id === into;
  if (event.kind === 'conversation.merged' && here) return <Undo from={from} into={into} />;
  if (event.kind === 'conversation.split' || event.kind === 'conversation.unmerged')
    return <Open id={here ? from : into} number={Number(here ? event.data.from_number : event.data.into_number)} />;
  return null;
}

/** The side conversation that a line is about, beside the thread. */
function OpenSide({ parent, side }: { parent: string; side: string }) {
  const { t } = useTranslation();
  const wide = useWide();
  return (
    <div className="ev-links">
      <Button kind="link" size="s" onPress={() => openSide(parent, side, wide)}>
        {t('work.side.open')}
      </Button>
    </div>
  );
}

function Open({ id, number }: { id: string; number: number }) {
  const { t } = useTranslation();
  const place = usePlace();
  return (
    <div className="ev-links">
      <Link className="btn" data-kind="link" data-size="s" to={pathOf({ ...place, id })}>
        {t('work.event.open', { number })}
      </Link>
    </div>
  );
}

/** Only while the other one is still merged into this one. */
function Undo({ from, into }: { from: string; into: string }) {
  const { t } = useTranslation();
  const may = useMay('conversation.write');
  const other = useConversation(from).data;
  const free = useUnmerge();
  if (!may || other?.merged_into !== into) return null;
  const undo = () =>
    void free(from, into).then(
      () => toast(t('work.done.unmerged')),
      (error: unknown) => toast(problemText(t, error)),
    );
  return (
    <div className="ev-links">
      <Button kind="link" size="s" onPress={undo}>
        {t('work.event.undo')}
      </Button>
    </div>
  );
}
