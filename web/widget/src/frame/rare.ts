// What a page says seldom: kept out of what everybody loads first.
import type { ToFrame } from '../protocol';
import { later, live } from './core';
import { keep } from './keep';
import { now, set } from './store';

type Live = Awaited<ReturnType<typeof live>>;
let begun: Promise<Live> | null = null;

/** Only where the settings say so is anybody told where the visitor is, or spoken to first. */
export async function about(): Promise<Live | null> {
  const { settings, page } = now();
  if (!settings?.live && !settings?.invitations) return null;
  begun ??= live().then((all) => {
    all.begin(page);
    return all;
  });
  return begun.catch(() => null);
}

export async function hearRare([name, value]: ToFrame): Promise<void> {
  if (name === 'page') (await about())?.moved();
  else if (name === 'track') (await about())?.track(value);
  else if (name === 'attributes') (await about())?.describe(value);
  else if (name === 'articles') set({ articles: value });
  else if (name === 'found') (await import('./articles')).found(value);
  else if (name === 'identify') await (await later()).identify(value);
  else if (name === 'shutdown') await (await later()).shutdown();
  else if (name === 'consent') {
    const all = await about();
    keep.allow(value);
    await all?.consented(value);
    if (all && keep.get('token')) await (await later()).session().catch(() => {});
  }
}
