import { Icon, MenuOnPress } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sort } from './value';

const InteractiveDialog = lazy(() => import('./dialog'));

/** Offers the customer of a chat something besides words: answers to press, cards, questions. */
export default function InteractiveButton({ conversation, name }: { conversation: string; name: string }) {
  const { t } = useTranslation();
  const [sort, setSort] = useState<Sort | null>(null);
  const item = (id: Sort, icon: 'check' | 'image' | 'form') => ({ id, icon, label: t(`chat.interactive.${id}`), onAction: () => setSort(id) });
  return (
    <>
      <MenuOnPress
        label={t('chat.interactive.offer')}
        placement="top start"
        className="ib"
        groups={() => [{ id: 'sort', items: [item('quick_replies', 'check'), item('cards', 'image'), item('form', 'form')] }]}
      >
        <Icon name="form" size={16} />
      </MenuOnPress>
      {sort ? (
        <Suspense>
          <InteractiveDialog sort={sort} conversation={conversation} name={name} onClose={() => setSort(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
