import type { MenuEntry, MenuGroup } from '@ui';
import { TagSquare } from '@ui';
import { useTranslation } from 'react-i18next';
import { type Category, type Choice, statusChoices } from './groups';
import { useCustomStatuses } from './queries';

const ICONS = { open: 'inbox', pending: 'clock', on_hold: 'pause', resolved: 'check' } as const;

/** Every status that can be chosen, for a menu: flat while the workspace has none of its own, else under their categories. */
export function useStatusGroups(
  onPick: (choice: Choice) => void,
  more: { selected?: (choice: Choice) => boolean; keys?: Partial<Record<Category, string>>; snooze?: MenuEntry } = {},
): MenuGroup[] {
  const { t } = useTranslation();
  const choices = statusChoices(useCustomStatuses().data ?? []);
  const entry = (choice: Choice, isFirst: boolean): MenuEntry => ({
    id: choice.custom?.id ?? choice.category,
    label: choice.custom?.name ?? t(`app.status.${choice.category}`),
    ...(choice.custom ? { before: <TagSquare color={choice.custom.color} /> } : { icon: ICONS[choice.category] }),
    keys: isFirst ? more.keys?.[choice.category] : undefined,
    isSelected: more.selected?.(choice),
    onAction: () => onPick(choice),
  });
  const entries = choices.map((group) => group.map((choice, at) => entry(choice, at === 0)));
  const flat = choices.every((group) => group.length === 1 && !group[0]?.custom);
  const [open = [], pending = [], hold = [], resolved = []] = entries;
  const snooze = more.snooze ? [more.snooze] : [];
  if (flat) return [{ id: 'status', items: [...open, ...pending, ...hold, ...snooze, ...resolved] }];
  const group = (category: Category, items: MenuEntry[]): MenuGroup => ({ id: category, title: t(`app.status.${category}`), items });
  return [
    group('open', open),
    group('pending', pending),
    group('on_hold', hold),
    ...(snooze.length > 0 ? [{ id: 'snooze', title: t('app.status.snoozed'), items: snooze }] : []),
    group('resolved', resolved),
  ];
}
