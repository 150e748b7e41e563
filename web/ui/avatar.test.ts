import { expect, test } from 'vitest';
import { hue, initials } from './avatar';

test('a Korean name is its given name, two syllables', () => {
  expect(initials('김도윤')).toBe('도윤');
  expect(initials('박 지훈')).toBe('지훈');
  expect(initials('정우')).toBe('정우');
});
test('a Latin name is its first and last initial', () => {
  expect(initials('Hana Lindqvist')).toBe('HL');
  expect(initials('Maria del Carmen Ruiz')).toBe('MR');
  expect(initials('Noor')).toBe('N');
});
test('an address stands for a name that is missing, and nothing for nothing', () => {
  expect(initials('tom.adeyemi@example.com')).toBe('TA');
  expect(initials('  ')).toBe('?');
});
test('a person keeps one hue, and neighbours in ids do not share it', () => {
  expect(hue('cus_1')).toBe(hue('cus_1'));
  const hues = new Set(Array.from({ length: 12 }, (_, i) => hue(`cus_${i}`)));
  expect(hues.size).toBeGreaterThan(7);
});
