import { Avatar, Icon } from '@ui';
import { useTranslation } from 'react-i18next';
import { Suggestions } from '../conversation/suggestions';
import { useMentionMenu } from './mention';

/** The names that fit what stands after the @. */
export function MentionMenu() {
  const { t } = useTranslation();
  const menu = useMentionMenu((s) => s.menu);
  return (
    <Suggestions name="mention" label={t('work.mention.label')} menu={menu} keyOf={(item) => item.id}>
      {(item) => (
        <>
          {item.kind === 'team' ? <Icon name="people" /> : <Avatar name={item.name} seed={item.id} size={20} />}
          <span className="t1">{item.name}</span>
          {item.kind === 'team' ? <span className="end">{t('work.mention.team')}</span> : null}
        </>
      )}
    </Suggestions>
  );
}
