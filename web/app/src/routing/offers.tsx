import './routing.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button, ChannelGlyph, type ChannelName, toast } from '@ui';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '../i18n/use-format';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { OFFERS, type Standing, useAnswerOffer, useOffers } from './queries';

/** Nobody is torn out of what they write. */
const isWriting = (element: Element | null) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

/** The oldest conversation that one is asked to take, as a calm card. */
export function Offers() {
  const offers = useOffers(true).data ?? [];
  const first = offers[0];
  return first ? <Card key={first.conversation.id} offer={first} more={offers.length - 1} /> : null;
}

function Card({ offer, more }: { offer: Standing; more: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const answer = useAnswerOffer();
  const card = useRef<HTMLElement>(null);
  const [now, setNow] = useState(Date.now);
  const whole = useRef(Math.max(1, offer.ends - Date.now()));
  const { conversation: c } = offer;
  const left = Math.max(0, Math.ceil((offer.ends - now) / 1000));
  const over = left === 0;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: OFFERS });
  }, [over, client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, when it comes
  useEffect(() => {
    useShell.getState().announce(t('routing.offer.announced', { name: c.customer.name, queue: offer.queue_name, count: left }));
    if (!isWriting(document.activeElement)) card.current?.querySelector('button')?.focus();
  }, []);
  // Not in the mutation's own callbacks: by then the stream may have taken the card away.
  const say = (how: 'accept' | 'decline') =>
    answer.mutateAsync({ id: c.id, how }).then(
      () => {
        if (how === 'accept') void navigate(`/conversations/${c.id}`);
      },
      (error: unknown) => toast(problemText(t, error)),
    );
  return (
    <section ref={card} className="offer card" aria-label={t('routing.offer.title')}>
      <header>
        <ChannelGlyph channel={c.channel as ChannelName} />
        <h2 className="grow">{t('routing.offer.title')}</h2>
        <span className="num dim" aria-hidden="true">
          {t('routing.offer.left', { count: left })}
        </span>
      </header>
      <div className="offer-what">
        <span className="strong t1">{c.customer.name}</span>
        <span className="t1">{c.subject || t('app.no_subject')}</span>
        <span className="small dim t1">
          {offer.queue_name} · {t('routing.offer.waits', { when: format.ago(offer.since) })}
          {more > 0 ? ` · ${t('routing.offer.more', { count: more })}` : ''}
        </span>
      </div>
      <div className="offer-acts">
        <Button kind="primary" isPending={answer.isPending} isDisabled={over} onPress={() => void say('accept')}>
          {t('routing.offer.accept')}
        </Button>
        <Button kind="quiet" isDisabled={over || answer.isPending} onPress={() => void say('decline')}>
          {t('routing.offer.decline')}
        </Button>
      </div>
      <span className="offer-bar" aria-hidden="true" style={{ '--part': Math.min(1, (offer.ends - now) / whole.current) } as CSSProperties} />
    </section>
  );
}
