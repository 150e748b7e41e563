// What a message offers besides its words: answers to press, cards, questions.
import { useState } from 'preact/hooks';
import { type Answers, faults, given, PreChat } from './form';
import { picture } from './message';
import { safeHref } from './safe';
import type { FormField, InteractiveCard, Message } from './types';
import { answer } from './verbs';
import { t } from './words';

interface Props {
  message: Message;
  /** An answer is there, or on its way. */
  answered: boolean;
  /** Something was said after it: what could be pressed is past. */
  past: boolean;
}

export function Interactive({ message, answered, past }: Props) {
  const offered = message.interactive;
  if (offered?.kind === 'cards') return <Cards cards={offered.cards} />;
  if (offered?.kind === 'quick_replies' && !answered && !past)
    return (
      <fieldset class="replies" aria-label={t('replies')}>
        {offered.choices.map((choice) => (
          <button key={choice} type="button" class="btn" onClick={() => answer(message, choice, { choice })}>
            {choice}
          </button>
        ))}
      </fieldset>
    );
  if (offered?.kind === 'form') return answered ? <p class="by">{t('form_sent')}</p> : <Questions message={message} questions={offered.questions} />;
  return null;
}

function Cards({ cards }: { cards: InteractiveCard[] }) {
  return (
    <ul class="cards">
      {cards.map((card) => (
        <li key={card.title} class="card">
          {card.picture && <span class="photo">{picture(card.picture, '')}</span>}
          <b>{card.title}</b>
          {card.text && <p class="dim">{card.text}</p>}
          {card.links.map((link) => {
            const href = safeHref(link.url);
            return (
              href && (
                <a key={link.url + link.label} class="btn" href={href} target="_blank" rel="noopener noreferrer nofollow">
                  {link.label}
                </a>
              )
            );
          })}
        </li>
      ))}
    </ul>
  );
}

function Questions({ message, questions }: { message: Message; questions: Omit<FormField, 'key'>[] }) {
  const fields = questions.map((question, at) => ({ ...question, key: `${message.id}-${at}` }));
  const [answers, setAnswers] = useState<Answers>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const submit = (event: Event) => {
    event.preventDefault();
    const missing = faults(fields, answers);
    const filled = given(fields, answers);
    // Nothing at all is no answer: the first question says so.
    if (Object.keys(filled).length === 0 && fields[0]) missing[fields[0].key] ??= 'need_answer';
    setWrong(missing);
    const first = Object.keys(missing)[0];
    if (first) return document.getElementById(`f-${first}`)?.focus();
    const said = fields.flatMap(({ key, label, kind }) => (filled[key] ? [`${label}: ${kind === 'consent' ? '✓' : filled[key]}`] : []));
    const form = Object.fromEntries(fields.flatMap(({ key }, at) => (filled[key] ? [[String(at), filled[key]]] : [])));
    answer(message, said.join('\n'), { form });
  };
  return (
    <form class="asked" onSubmit={submit} noValidate>
      <PreChat
        title={t('form_asked')}
        fields={fields}
        answers={answers}
        wrong={wrong}
        onChange={(all) => {
          setAnswers(all);
          if (Object.keys(wrong).length > 0) setWrong(faults(fields, all));
        }}
      />
      <button type="submit" class="btn primary">
        {t('form_send')}
      </button>
    </form>
  );
}
