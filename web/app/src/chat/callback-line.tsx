import type { ChatCallback } from '@api';
import { Button, Icon, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { problemText } from '../shell/problem-text';
import { useCalled } from './queries';

/** The customer wants to be called: the number, when, and that it is done. */
export function CallbackLine({ id, callback, may }: { id: string; callback: ChatCallback; may: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const called = useCalled(id);
  const done = callback.called_at !== null;
  const words = done
    ? t('chat.call.done', { when: format.thread(callback.called_at as string) })
    : callback.wanted_at
      ? t('chat.call.at', { when: format.full(new Date(callback.wanted_at)) })
      : t('chat.call.soon');
  return (
    <div className="chat-where">
      <Icon name="clock" size={14} />
      <span>{words}</span>
      <a className="chat-page num" href={`tel:${callback.phone.replace(/[^\d+]/g, '')}`}>
        {callback.phone}
      </a>
      <span className="grow" />
      {done || !may ? null : (
        <Button
          size="s"
          icon="check"
          isPending={called.isPending}
          onPress={() => called.mutate(undefined, { onError: (error) => toast(problemText(t, error)) })}
        >
          {t('chat.call.do')}
        </Button>
      )}
    </div>
  );
}
