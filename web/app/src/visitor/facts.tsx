import './visitor.css';
import type { VisitorAttribute, VisitorDetail } from '@api';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useVisitor } from './queries';

/** A value as one reads it. */
export function useValue(): (value: VisitorAttribute['value']) => string {
  const { t, i18n } = useTranslation();
  return (value) => {
    if (typeof value === 'boolean') return t(value ? 'visitor.yes' : 'visitor.no');
    return typeof value === 'number' ? new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(value) : value;
  };
}

/** What the site says of somebody; what nobody has proven says so. */
export function Facts({ attributes }: { attributes: VisitorAttribute[] }) {
  const { t } = useTranslation();
  const value = useValue();
  if (attributes.length === 0) return null;
  const said = attributes.filter((one) => !one.proven);
  const proven = attributes.filter((one) => one.proven);
  return (
    <>
      {[
        { id: 'proven', list: proven },
        { id: 'said', list: said },
      ].map(({ id, list }) =>
        list.length > 0 ? (
          <div key={id} className="visitor-facts">
            <p className="small dim">{t(id === 'proven' ? 'visitor.proven' : 'visitor.said')}</p>
            <dl className="details">
              {list.map((one) => (
                <div key={one.name} style={{ display: 'contents' }}>
                  <dt>{one.name}</dt>
                  <dd>{value(one.value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ) : null,
      )}
    </>
  );
}

/** Pages and events, the latest first. */
export function Way({ detail, most }: { detail: VisitorDetail; most: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const value = useValue();
  const steps = [
    ...detail.trail.map((one) => ({ at: one.at, key: `p${one.at}${one.url}`, page: one, event: null })),
    ...detail.events.map((one, n) => ({ at: one.at, key: `e${one.at}${n}`, page: null, event: one })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (steps.length === 0) return null;
  return (
    <details className="visitor-way">
      <summary>{t('visitor.way', { count: detail.visitor.pages })}</summary>
      <ol>
        {steps.slice(0, most).map(({ at, key, page, event }) => (
          <li key={key}>
            <time dateTime={at} className="faint num">
              {format.clock(at)}
            </time>
            {page ? (
              <a href={page.url} target="_blank" rel="noopener noreferrer nofollow" className="t1" title={page.url}>
                {page.title || page.url}
              </a>
            ) : (
              <span>
                <b>{event?.name}</b> {event?.attributes.map((one) => `${one.name}: ${value(one.value)}`).join(', ')}
              </span>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What the site says of the customer of a chat. */
export default function VisitorFacts({ id }: { id: string }) {
  const detail = useVisitor(id).data;
  if (!detail) return null;
  return (
    <>
      <Facts attributes={detail.visitor.attributes} />
      <Way detail={detail} most={30} />
    </>
  );
}
