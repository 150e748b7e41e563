import type { Preferences } from '@api';

const REMEMBERED = 'sonnim.appearance';
type Appearance = Pick<Preferences, 'theme' | 'density'>;

function read(): Appearance {
  try {
    return { theme: 'system', density: 'comfortable', ...(JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Partial<Appearance>) };
  } catch {
    return { theme: 'system', density: 'comfortable' };
  }
}

/** Puts theme and density on the page and remembers them here, so that the next start does not flash. */
export function applyAppearance({ theme, density }: Appearance): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.dataset.density = density;
  localStorage.setItem(REMEMBERED, JSON.stringify({ theme, density }));
}

export const applyRememberedAppearance = (): void => applyAppearance(read());
