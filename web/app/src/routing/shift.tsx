import { toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useSetAvailability } from '../availability/queries';
import { problemText } from '../shell/problem-text';
import TimeChoice from '../snooze/dialog';

/** Says when one's shift ends: what customers wait for goes back to the queues then. */
export default function ShiftDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const set = useSetAvailability();
  return (
    <TimeChoice
      title={t('routing.shift.title')}
      label={t('routing.shift.field')}
      action={t('routing.shift.do')}
      icon="clock"
      answer={false}
      onClose={onClose}
      onPick={(at) => {
        onClose();
        set.mutate({ shift_ends_at: at?.toISOString() ?? null }, { onError: (error) => toast(problemText(t, error)) });
      }}
    />
  );
}
