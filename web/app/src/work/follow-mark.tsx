import type { ConversationDetail } from '@api';
import { Icon } from '@ui';
import { useTranslation } from 'react-i18next';
import { useFollow } from './follow';

/** A quiet sign that one follows the conversation. */
export function FollowMark({ conversation }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const { follows } = useFollow(conversation);
  if (!follows) return null;
  return (
    <span className="faint follow-mark" role="img" aria-label={t('work.follow.mark')} title={t('work.follow.mark')}>
      <Icon name="eye" size={14} />
    </span>
  );
}
