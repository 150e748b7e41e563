import { expect, test } from 'vitest';
import { emptyCard, emptyQuestion, emptyWork, finished, picturesOf } from './value';

test('answers to press are the lines, each once', () => {
  const of = (choices: string) => finished('quick_replies', { ...emptyWork(), choices });
  expect(of(' Refund \n\n교환\nRefund')).toEqual({ value: { kind: 'quick_replies', choices: ['Refund', '교환'] } });
  expect(of(' \n')).toEqual({ faults: { choices: 'missing' } });
  expect(of(Array.from({ length: 11 }, (_, n) => `${n}`).join('\n'))).toEqual({ faults: { choices: 'too_many' } });
  expect(of('x'.repeat(61))).toEqual({ faults: { choices: 'too_long' } });
});

test('a card needs a title, and leads to the web only', () => {
  const card = { ...emptyCard(), picture: 'att_1', links: [{ label: 'Look', url: 'javascript:alert(1)' }] };
  const wrong = finished('cards', { ...emptyWork(), cards: [card] });
  expect(wrong).toEqual({ faults: { [`${card.key}.title`]: 'missing', [`${card.key}.url.0`]: 'bad_url' } });
  const right = finished('cards', { ...emptyWork(), cards: [{ ...card, title: ' Boots ', links: [{ label: 'Look', url: 'https://shop.example/a' }] }] });
  expect(right).toEqual({
    value: { kind: 'cards', cards: [{ title: 'Boots', text: null, picture: 'att_1', links: [{ label: 'Look', url: 'https://shop.example/a' }] }] },
  });
  if ('value' in right) expect(picturesOf(right.value)).toEqual(['att_1']);
});

test('only a choice has choices', () => {
  const question = { ...emptyQuestion(), label: 'Size', choices: ['40'] };
  expect(finished('form', { ...emptyWork(), questions: [question] })).toEqual({
    value: { kind: 'form', questions: [{ label: 'Size', kind: 'text', required: true, choices: [] }] },
  });
  const empty = { ...question, kind: 'choice' as const, choices: [''] };
  expect(finished('form', { ...emptyWork(), questions: [empty] })).toEqual({ faults: { [`${empty.key}.choices`]: 'missing' } });
});
