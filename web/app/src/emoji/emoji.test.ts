import { describe, expect, it } from 'vitest';
import { findEmoji, loadEmoji } from './find';

describe('an emoji', () => {
  it('is found by its name, a word or a short code, in both languages', async () => {
    const [en, ko] = await Promise.all([loadEmoji('en'), loadEmoji('ko')]);
    const first = (all: typeof en, wanted: string) => findEmoji(all, wanted, 5).map(([emoji]) => emoji);
    expect(first(en, 'thumbs up')).toContain('👍️');
    expect(first(en, 'tada')).toContain('🎉');
    expect(first(en, 'done')).toContain('✅️');
    expect(first(ko, '엄지')).toContain('👍️');
    expect(first(ko, '하트').length).toBe(5);
    expect(first(en, 'no such thing')).toEqual([]);
  });

  it('comes in the order of Unicode when nothing is wanted', async () => {
    expect(findEmoji(await loadEmoji('en'), ' ', 2).map(([emoji]) => emoji)).toEqual(['😀', '😃']);
  });
});
