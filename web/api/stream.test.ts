import { expect, test } from 'vitest';
import { apiUrl } from './client';
import { problemOf } from './problem';
import { backOff } from './stream';

test('waiting doubles up to half a minute and is spread', () => {
  expect(backOff(0, 1)).toBe(0.5);
  expect(backOff(3, 1)).toBe(4);
  expect(backOff(20, 1)).toBe(30);
  expect(backOff(20, 0)).toBe(18);
});
test('an address leaves out what is not asked', () => {
  expect(apiUrl('/conversations', { view: 'mine', cursor: null, q: '', limit: 50 })).toBe('/api/v1/conversations?view=mine&limit=50');
});
test('a problem keeps its code, its fields and the resource as it is now', async () => {
  const problem = await problemOf(
    new Response(JSON.stringify({ code: 'invalid', detail: 'x', errors: [{ field: 'email', code: 'bad', detail: 'No @' }], current: { id: 1 } }), {
      status: 422,
      headers: { 'retry-after': '7' },
    }),
  );
  expect(problem.code).toBe('invalid');
  expect(problem.of('email')).toBe('No @');
  expect(problem.current).toEqual({ id: 1 });
  expect(problem.retryAfter).toBe(7);
});
test('an answer that a proxy made is a problem too', async () => {
  const problem = await problemOf(new Response('<html>502</html>', { status: 502 }));
  expect(problem.code).toBe('http_502');
});
