import './chat.css';
import type { ConversationDetail } from '@api';
import { Button, Icon, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useTakeOver, useWhisper } from './queries';
import { useWatch } from './watch';

/** What stands in the composer's place while one only watches: whispering, taking over, and going away again. */
export default function WatchBar({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const me = useMe().agent.id;
  const whisper = useWhisper(c.id);
  const take = useTakeOver(c.id);
  const { watch } = useWatch.getState();
  const [words, setWords] = useState('');
  const other = c.assignee && c.assignee.id !== me ? c.assignee.name : null;
  const fail = (error: unknown) => toast(problemText(t, error));
  const say = () => {
    if (!words.trim() || whisper.isPending) return;
    whisper.mutate(words.trim(), { onSuccess: () => setWords(''), onError: fail });
  };
  return (
    <section className="watch" aria-label={t('chat.watch.title')}>
      <p className="watch-lead">
        <Icon name="eye" size={16} />
        <span className="grow">{other ? t('chat.watch.lead', { name: other }) : t('chat.watch.lead_nobody')}</span>
      </p>
      {other ? (
        <form
          className="watch-form"
          onSubmit={(event) => {
            event.preventDefault();
            say();
          }}
        >
          <TextInput
            label={t('chat.watch.words', { name: other })}
            hideLabel
            placeholder={t('chat.watch.words', { name: other })}
            value={words}
            onChange={setWords}
            autoComplete="off"
          />
          <Button type="submit" icon="lock" isDisabled={!words.trim()} isPending={whisper.isPending}>
            {t('chat.watch.whisper')}
          </Button>
        </form>
      ) : null}
      <div className="watch-acts">
        <Button kind="quiet" onPress={() => watch(null)}>
          {t('chat.watch.stop')}
        </Button>
        <Button
          kind="primary"
          isPending={take.isPending}
          onPress={() =>
            take.mutate(undefined, {
              onSuccess: () => {
                watch(null);
                toast(t('chat.watch.taken'));
              },
              onError: fail,
            })
          }
        >
          {t('chat.watch.take')}
        </Button>
      </div>
    </section>
  );
}
