import { expect, test } from 'vitest';
import { previewKind } from './files';

const kind = (content_type: string, previewable = true) => previewKind({ content_type, previewable });

test('what can be looked at is told by its type, and by what the server allows', () => {
  expect(kind('image/jpeg')).toBe('picture');
  expect(kind('application/pdf')).toBe('pdf');
  expect(kind('audio/mpeg')).toBe('audio');
  expect(kind('video/mp4')).toBe('video');
  expect(kind('text/plain')).toBe('text');
  for (const never of ['image/svg+xml', 'text/html', 'application/zip']) expect(kind(never)).toBeNull();
  expect(kind('image/png', false)).toBeNull();
});
