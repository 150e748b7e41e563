import type { TagColor } from '@api';
import type { MenuEntry, MenuGroup } from '@ui';
import { TagSquare } from '@ui';
import { useTranslation } from 'react-i18next';
import { type Category, type Choice, statusChoices } from './groups';
import { useCustomStatuses } from './queries';

/** As wide as the icons of the other entries. */
const StatusSquare = ({ color }: { color: TagColor }) => (
  <span className="opt-sq">
    <TagSquare color={color} />
  </span>
);

const ICONS = { open: 'inbox', pending: 'clock', on_hold: 'pause', resolved: 'check' } as const;

/** Every status that can be chosen, for a menu: those of the workspace's own under their categories. */
export function useStatusGroups(
  onPick: (choice: Choice) => void,
  more: { selected?: (choice: Choice) => boolean; keys?: Partial<Record<Category, string>>; snooze?: MenuEntry } = {},
): MenuGroup[] {
  const { t } = useTranslation();
  const choices = statusChoices(useCustomStatuses().data ?? []);
  const entry = (choice: Choice, isFirst: boolean): MenuEntry => ({
    id: choice.custom?.id ?? choice.category,
    label: choice.custom?.name ?? t(`app.status.${choice.category}`),
    ...(choice.custom ? { before: <StatusSquare color={choice.custom.color} /> } : { icon: ICONS[choice.category] }),
    keys: isFirst ? more.keys?.[choice.category] : undefined,
    isSelected: more.selected?.(choice),
    onAction: () => onPick(choice),
  });
  const groups: MenuGroup[] = [];
  // Only what has several to choose from needs a heading; the rest stands together.
  const plain = (items: MenuEntry[]) => {
    const last = groups.at(-1);
    if (last && !last.title) groups[groups.length - 1] = { ...last, items: [...last.items, ...items] };
    else groups.push({ id: items[0]?.id ?? 'plain', items });
  };
  for (const group of choices) {
    const category = group[0]?.category;
    if (!category) continue;
    if (category === 'resolved' && more.snooze) plain([more.snooze]);
    const items = group.map((choice, at) => entry(choice, at === 0));
    if (group.some((choice) => choice.custom)) groups.push({ id: `in_${category}`, title: t(`app.status.${category}`), items });
    else plain(items);
  }
  return groups;
}
