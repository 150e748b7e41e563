import type { Change, MacroPreview, Status } from '@api';
import { Icon, type IconName, TagSquare } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '../field/queries';
import { inLanguage, shownValue } from '../field/rules';
import { useFormat } from '../i18n/use-format';

const ICONS: Record<Change['kind'], IconName> = {
  assignee: 'person',
  team: 'people',
  inbox: 'mail',
  status: 'circle',
  due: 'clock',
  priority: 'flag',
  tags_added: 'tag',
  tags_removed: 'tag',
  note: 'lock',
  insert_reply: 'reply',
  send_reply: 'send',
  field: 'list',
  shelf: 'trash',
};

/** What a macro would do, a line for each change. */
export function Changes({ preview }: { preview: MacroPreview }): ReactNode {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const fields = useFields().data;
  const status = (s: Status) =>
    s.kind === 'snoozed' && !s.until
      ? t('app.status.snoozed_answer')
      : s.kind === 'snoozed' && s.until
        ? t('app.status.snoozed_until', { when: format.coming(s.until) })
        : t(`app.status.${s.kind}`);
  const text = (change: Change): ReactNode => {
    switch (change.kind) {
      case 'assignee':
      case 'team':
      case 'inbox':
        return (
          <>
            {t(`library.change.${change.kind}`)} <b>{change.to?.name ?? t('library.change.nobody')}</b>
          </>
        );
      case 'status':
        return (
          <>
            {t('library.change.status')} <b>{change.to_custom?.name ?? status(change.to)}</b>
          </>
        );
      case 'due':
        return change.to ? (
          <>
            {t('library.change.due')} <b>{format.coming(change.to)}</b>
          </>
        ) : (
          t('library.change.never_due')
        );
      case 'priority':
        return (
          <>
            {t('library.change.priority')} <b>{t(`app.priority.${change.to}`)}</b>
          </>
        );
      case 'tags_added':
      case 'tags_removed':
        return (
          <>
            {t(`library.change.${change.kind}`)}{' '}
            {change.tags.map((tag) => (
              <span key={tag.id} className="chip" data-tone="line">
                <TagSquare color={tag.color} /> {tag.name}
              </span>
            ))}
          </>
        );
      case 'field':
        return (
          <>
            {t('library.change.field')} {inLanguage(change.label, i18n.language)}{' '}
            <b>
              {shownValue(
                fields?.find((one) => one.key === change.key),
                change.to,
                i18n.language,
                t('view.yes'),
              )}
            </b>
          </>
        );
      case 'shelf':
        return change.to ? t(`library.change.shelf_${change.to}`) : t('library.action.restore');
      default:
        return (
          <>
            {t(`library.change.${change.kind}`)}
            {change.kind === 'send_reply' ? <span className="dim"> {change.to.map((one) => one.address).join(', ')}</span> : null}
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the server */}
            <div className="lib-words txt" dangerouslySetInnerHTML={{ __html: change.words.html }} />
            <Holes missing={change.words.missing} placeholders={change.words.placeholders} />
          </>
        );
    }
  };
  if (preview.changes.length === 0 && !preview.fault) return <p className="dim">{t('library.change.nothing')}</p>;
  return (
    <>
      {preview.fault ? (
        <p className="lib-fault" role="alert">
          <Icon name="alert" />{' '}
          {preview.fault.code === 'unfilled_placeholder'
            ? t('library.fault.placeholder')
            : preview.fault.code === 'fields_missing'
              ? t('library.fault.fields')
              : preview.fault.detail}
        </p>
      ) : null}
      <ul className="lib-changes">
        {preview.changes.map((change) => (
          <li key={change.kind === 'field' ? `field:${change.key}` : change.kind}>
            <Icon name={ICONS[change.kind]} />
            <div>{text(change)}</div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Variables without a value, and what is to be filled in by hand. */
export function Holes({ missing, placeholders }: { missing: string[]; placeholders: string[] }): ReactNode {
  const { t } = useTranslation();
  if (missing.length === 0 && placeholders.length === 0) return null;
  return (
    <p className="lib-holes small">
      {missing.length > 0 ? <span>{t('library.missing', { names: missing.join(', ') })}</span> : null}
      {placeholders.length > 0 ? <span>{t('library.by_hand', { names: placeholders.join(', ') })}</span> : null}
    </p>
  );
}
