import type { Event } from '@api';
import { Icon, type IconName } from '@ui';
import type { TFunction } from 'i18next';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '../field/queries';
import { inLanguage, shownValue } from '../field/rules';
import { useFormat } from '../i18n/use-format';
import { useNames } from '../people/queries';
import { isWorkEvent } from '../work/events';
import { routedWhy } from '../work/routed';
import { describeEvent, type EventLine } from './event-text';

const ICONS: Record<EventLine['sign'], IconName> = {
  person: 'person',
  people: 'people',
  status: 'circlecheck',
  snooze: 'snooze',
  tag: 'tag',
  pen: 'pen',
  flag: 'flag',
  move: 'moveto',
  trash: 'trash',
  spam: 'alert',
  merge: 'merge',
  field: 'list',
  side: 'message',
  transcript: 'send',
  due: 'clock',
  chat: 'chat',
  route: 'moveto',
  guest: 'people',
};

/** A value is told no further than this. */
const LONGEST = 80;

function words(line: EventLine, t: TFunction, format: ReturnType<typeof useFormat>): ReactNode {
  const values: Record<string, string> = { ...line.values };
  // A due date may lie in the past, too.
  if (line.until) values.when = line.key === 'due' ? format.full(new Date(line.until)) : format.coming(line.until);
  if (line.status) values.status = line.named ?? t(`app.status.${line.status}`);
  if (line.why) values.why = routedWhy(t, line.why);
  if (line.priority) values.priority = t(`app.priority.${line.priority}`);
  // The sentence decides where the names stand and marks them bold; all parts are drawn as text.
  return t(isWorkEvent(line.key) ? `work.event.${line.key}` : `app.event.${line.key}`, values)
    .split(/<b>(.*?)<\/b>/)
    .map((part, i) => (i % 2 === 1 ? <b key={part}>{part}</b> : part));
}

/** Something that happened besides messages, as one quiet line. */
export const EventView = memo(function EventView({ event }: { event: Event }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const nameOf = useNames();
  const fields = useFields().data;
  const lines = describeEvent(event, nameOf);
  if (lines.length === 0) return null;
  // A field is called as it is called now; a value is told in the reader's words.
  const named = (line: EventLine): EventLine => {
    if (!line.field) return line;
    const { field: id, key, from, to } = line.field;
    const field = fields?.find((one) => one.id === id);
    const told = (value: typeof from) => {
      const text = shownValue(field, value, i18n.language, t('view.yes'));
      return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    };
    return { ...line, values: { ...line.values, name: field ? inLanguage(field.label, i18n.language) : key, from: told(from), to: told(to) } };
  };
  return (
    <>
      {lines.map((line) => (
        <div className="ev" key={line.field?.field ?? line.key}>
          <span className="pin">
            <span>
              <Icon name={ICONS[line.sign]} size={14} />
            </span>
          </span>
          <span>{words(named(line), t, format)}</span>
          <time dateTime={event.at} title={format.exact(event.at)}>
            {format.thread(event.at)}
          </time>
        </div>
      ))}
    </>
  );
});
