import { Sheet } from '@ui';
import { useTranslation } from 'react-i18next';
import { ContextPanel } from './context';

/** The context on windows that have no room beside the thread. */
export default function ContextSheet({ customerId, conversationId, onClose }: { customerId: string | undefined; conversationId: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet label={t('app.customer.title')} isOpen onClose={onClose}>
      <ContextPanel customerId={customerId} conversationId={conversationId} />
    </Sheet>
  );
}
