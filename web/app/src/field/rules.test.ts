import type { Field, FieldType } from '@api';
import { expect, test } from 'vitest';
import { inLanguage, isShown, missingFields, readTyped, shownValue, typedOf } from './rules';

const field = (key: string, type: FieldType, more: Partial<Field> = {}): Field => ({
  id: `cf_${key}`,
  version: 1,
  key,
  label: { en: key },
  help: {},
  type,
  inbox_ids: [],
  shown_when: null,
  required: true,
  position: 1,
  archived_at: null,
  created_at: '',
  updated_at: '',
  ...more,
});

test('a required field is missing only where it is shown', () => {
  const topic = field('topic', { kind: 'choice', options: [{ key: 'gift', label: { en: 'Gift' } }] });
  const wrap = field('wrap', { kind: 'checkbox' }, { shown_when: { field_id: topic.id, any_of: ['gift'] } });
  const other = field('other', { kind: 'number' }, { inbox_ids: ['inb_2'] });
  const all = [topic, wrap, other];
  const keys = (values: Record<string, string | boolean>) => missingFields(all, values, 'inb_1').map((one) => one.key);
  expect(keys({})).toEqual(['topic']);
  expect(keys({ topic: 'gift' })).toEqual(['wrap']);
  expect(keys({ topic: 'gift', wrap: true })).toEqual([]);
  expect(isShown(other, all, {}, 'inb_2')).toBe(true);
});

test('fields that wait for each other are not shown', () => {
  const a = field('a', { kind: 'checkbox' }, { shown_when: { field_id: 'cf_b', any_of: ['false'] } });
  const b = field('b', { kind: 'checkbox' }, { shown_when: { field_id: 'cf_a', any_of: ['false'] } });
  expect(isShown(a, [a, b], {}, 'inb_1')).toBe(false);
});

test('money is typed with a point and counted in the smallest unit', () => {
  const euro = field('price', { kind: 'money', currency: 'EUR' });
  const won = field('price', { kind: 'money', currency: 'KRW' });
  expect([readTyped(euro, '12.5'), readTyped(euro, '1,250'), readTyped(won, '9,000'), readTyped(euro, '-0.05')]).toEqual([1250, 125_000, 9000, -5]);
  expect([readTyped(euro, '1.234'), readTyped(won, '1.5'), readTyped(euro, 'much')]).toEqual(['1.234', '1.5', 'much']);
  expect([typedOf(euro, 1250), typedOf(won, 9000), typedOf(euro, null)]).toEqual(['12.50', '9000', '']);
  expect(shownValue(won, 9000, 'ko', '예')).toBe('₩9,000');
});

test('words fall back to the other language', () => {
  expect([inLanguage({ en: 'Order' }, 'ko'), inLanguage({ ko: '주문' }, 'en'), inLanguage({ en: 'Order', ko: '주문' }, 'ko')]).toEqual([
    'Order',
    '주문',
    '주문',
  ]);
});
