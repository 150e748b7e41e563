import { expect, test } from 'vitest';
import { stillChanged, useDrafts } from './draft';

test('a field changed back to what is saved is not a change', () => {
  const saved = { name: 'Haru', hours: { from: 9 } };
  expect(stillChanged({ name: 'Haru Goods', hours: { from: 9 } }, saved)).toEqual({ name: 'Haru Goods' });
  expect(stillChanged({ name: 'Haru' }, saved)).toEqual({});
});
test('changes wait per page and leave no trace once discarded', () => {
  const { put } = useDrafts.getState();
  put('a', { name: 1 });
  put('b', { name: 2 });
  put('a', {});
  expect(useDrafts.getState().changes).toEqual({ b: { name: 2 } });
});
