import type { CSSProperties } from 'react';
import { Icon, type IconName } from './icon';

const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Two letters for a name: the given name (two syllables) in Korean, first and last initial elsewhere. */
export function initials(name: string): string {
  const clean = name.trim();
  if (!clean) return '?';
  if (CJK.test(clean)) {
    const joined = clean.replace(/\s+/g, '');
    const word = [...joined];
    return word.length >= 3 ? word.slice(-2).join('') : joined;
  }
  const words = clean
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** A stable hue for a person or a team, so that one face keeps one tint everywhere. */
export function hue(seed: string): number {
  let h = 2166136261;
  for (let i = 0; i < seed.length; i++) h = Math.imul(h ^ seed.charCodeAt(i), 16777619);
  // Ids differ in their last letters; without this they would differ in shade only.
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  h = Math.imul(h ^ (h >>> 13), 3266489917);
  h ^= h >>> 16;
  return ((h >>> 0) % 36) * 10;
}

export type ChannelName = 'email' | 'api' | 'chat' | 'message' | 'phone' | 'social' | 'form';
const GLYPHS: Record<ChannelName, [string, IconName]> = {
  email: ['mail', 'mail'],
  api: ['form', 'form'],
  chat: ['chat', 'chat'],
  message: ['message', 'message'],
  phone: ['phone', 'phone'],
  social: ['social', 'social'],
  form: ['form', 'form'],
};

/** The channel as a glyph on its tint; `label` is spoken. */
export function ChannelGlyph({ channel, size = 's', label }: { channel: ChannelName; size?: 's' | 'm' | 'l'; label?: string }) {
  const [tint, icon] = GLYPHS[channel] ?? GLYPHS.form;
  return (
    <span className="ch" data-channel={tint} data-size={size} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
      <Icon name={icon} />
    </span>
  );
}

export interface AvatarProps {
  name: string;
  /** What decides the tint; the name when absent. */
  seed?: string;
  size?: number;
  channel?: ChannelName;
  online?: boolean;
  company?: boolean;
  title?: string;
}

/** Initials on a person's own tint. Decorative unless `title` is given. */
export function Avatar({ name, seed, size = 32, channel, online, company, title }: AvatarProps) {
  const letters = initials(name);
  const style = { '--h': hue(seed ?? name), '--d': `${size}px` } as CSSProperties;
  return (
    <span
      className="av"
      style={style}
      data-shape={company ? 'company' : undefined}
      data-cjk={CJK.test(letters) || undefined}
      // Drawn by the style sheet: letters in a picture are no words of the control around it.
      data-letters={letters}
      {...(title ? { role: 'img', 'aria-label': title, title } : { 'aria-hidden': true })}
    >
      {channel ? <ChannelGlyph channel={channel} size={size > 36 ? 'm' : 's'} /> : null}
      {online ? <span className="on" /> : null}
    </span>
  );
}
