import type { Interactive, InteractiveCard, InteractiveQuestion } from '@api';

export type Sort = Interactive['kind'];
export const MOST = 10;
export const MOST_LINKS = 3;

/** What is being put together, with room for what is not filled in yet. */
export interface Work {
  choices: string;
  cards: (InteractiveCard & { key: string })[];
  questions: (InteractiveQuestion & { key: string })[];
}

const key = () => crypto.randomUUID();
export const emptyCard = (): Work['cards'][number] => ({ key: key(), title: '', text: null, picture: null, links: [] });
export const emptyQuestion = (): Work['questions'][number] => ({ key: key(), label: '', kind: 'text', required: true, choices: [] });
export const emptyWork = (): Work => ({ choices: '', cards: [emptyCard()], questions: [emptyQuestion()] });

const lines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** Faults are names of messages, by the place that they belong to. */
export type Faults = Record<string, string>;

/** What is sent, or what has to be mended first. */
export function finished(sort: Sort, work: Work): { value: Interactive } | { faults: Faults } {
  const found: Faults = {};
  const line = (at: string, text: string, most: number) => {
    const clean = text.trim();
    if (!clean) found[at] = 'missing';
    else if (clean.length > most) found[at] = 'too_long';
    return clean;
  };
  const value = ((): Interactive => {
    if (sort === 'quick_replies') {
      const choices = lines(work.choices);
      if (choices.length === 0) found.choices = 'missing';
      else if (choices.length > MOST) found.choices = 'too_many';
      else if (choices.some((choice) => choice.length > 60)) found.choices = 'too_long';
      return { kind: 'quick_replies', choices };
    }
    if (sort === 'cards') {
      const cards = work.cards.map((card) => ({
        title: line(`${card.key}.title`, card.title, 80),
        text: card.text?.trim() ? line(`${card.key}.text`, card.text, 300) : null,
        picture: card.picture,
        links: card.links.map((link, at) => {
          const url = link.url.trim();
          if (!/^https?:\/\/[^\s/"<>][^\s"<>]*$/.test(url)) found[`${card.key}.url.${at}`] = 'bad_url';
          return { label: line(`${card.key}.label.${at}`, link.label, 40), url };
        }),
      }));
      return { kind: 'cards', cards };
    }
    const questions = work.questions.map(({ key, ...question }) => {
      const choices = question.kind === 'choice' ? lines(question.choices.join('\n')) : [];
      if (question.kind === 'choice' && choices.length === 0) found[`${key}.choices`] = 'missing';
      if (choices.length > MOST) found[`${key}.choices`] = 'too_many';
      return { ...question, label: line(`${key}.label`, question.label, 120), choices };
    });
    return { kind: 'form', questions };
  })();
  return Object.keys(found).length > 0 ? { faults: found } : { value };
}

/** The files that it shows. */
export const picturesOf = (value: Interactive): string[] => (value.kind === 'cards' ? value.cards.flatMap((card) => (card.picture ? [card.picture] : [])) : []);
