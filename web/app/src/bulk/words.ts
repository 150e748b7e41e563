import type { Action } from '@api';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useNames } from '../people/queries';

/** What a bulk action does, in a few words. */
export function useActionWords(): (actions: readonly Action[]) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNames();
  const words = (action: Action): string => {
    const names = (ids: readonly string[]) => ids.map((id) => nameOf(id) ?? '').join(', ');
    switch (action.kind) {
      case 'assign_agent':
        return t('bulk.do.assign', { name: names([action.agent_id]) });
      case 'assign_team':
        return action.team_id ? t('bulk.do.team', { name: names([action.team_id]) }) : t('bulk.do.no_team');
      case 'set_status':
        return action.status.kind === 'snoozed'
          ? action.status.until
            ? t('bulk.do.snooze', { when: format.coming(action.status.until) })
            : t('bulk.do.snooze_answer')
          : action.status.kind === 'snoozed_for'
            ? t('bulk.do.status.snoozed')
            : action.status.kind === 'custom'
              ? t('bulk.do.status.custom', { name: names([action.status.custom_status_id]) })
              : t(`bulk.do.status.${action.status.kind}`);
      case 'set_due':
        return action.due.kind === 'never'
          ? t('bulk.do.never_due')
          : action.due.kind === 'at'
            ? t('bulk.do.due', { when: format.coming(action.due.at) })
            : t('bulk.do.due_after');
      case 'set_priority':
        return t('bulk.do.priority', { name: t(`app.priority.${action.priority}`) });
      case 'add_tags':
        return t('bulk.do.add_tags', { name: names(action.tag_ids) });
      case 'remove_tags':
        return t('bulk.do.remove_tags', { name: names(action.tag_ids) });
      case 'move_inbox':
        return t('bulk.do.move_inbox', { name: names([action.inbox_id]) });
      case 'shelve':
        return t(`bulk.do.${action.shelf}`);
      case 'insert_reply':
        return t('bulk.do.send_reply');
      default:
        return t(`bulk.do.${action.kind}`);
    }
  };
  return (actions) => actions.map(words).join(' · ');
}
