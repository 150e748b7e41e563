import type { Conversation } from '@api';
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { useMe } from '../session/queries';
import { pathOf } from '../shell/place';
import { useMedia, usePhone } from '../shell/use-media';
import { Row } from './row';
import { useRows } from './use-rows';

const BulkBar = lazy(() => Promise.all([import('../bulk/bar'), needArea('bulk'), needArea('library')]).then(([bar]) => bar));

/** What stands over the first row of a group. */
export interface Heading {
  text: string;
  count: string;
}

export interface RowsProps {
  rows: readonly Conversation[];
  label: string;
  handle?: RefObject<VListHandle | null>;
  isGone: (c: Conversation) => boolean;
  onEnd?: () => void;
  end?: ReactNode;
  preview?: (c: Conversation) => ReactNode;
  /** Which list it is, where several can be picked for work on all of them. */
  source: { view: string; q: string };
  /** The subject with what was found in it. */
  subject?: (c: Conversation) => ReactNode;
  /** By the id of the first row of each group. */
  headings?: ReadonlyMap<string, Heading>;
}

function useRowHeight(): number {
  const [height, setHeight] = useState(70);
  const density = useMe().agent.preferences.density;
  const phone = usePhone();
  const coarse = useMedia('(pointer: coarse)');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the token changes with these
  useEffect(() => {
    setHeight(Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--h-row'), 10) || 70);
  }, [density, phone, coarse]);
  return height;
}

/** The heading of a group, for the eye; its first row says it to a screen reader. */
export function GroupHead({ heading }: { heading: Heading }) {
  return (
    <div className="group-head" aria-hidden="true">
      <span className="t1">{heading.text}</span>
      <span className="num">{heading.count}</span>
    </div>
  );
}

/** The rows as one list box. */
export function Rows({ rows, label, handle, isGone, onEnd, end, preview, source, subject, headings }: RowsProps) {
  const format = useFormat();
  const height = useRowHeight();
  const { place, virtual, ids, cursor, may, picked, picking, open, warm, pick, list, near } = useRows(rows, source, handle);
  return (
    <>
      <VList
        ref={virtual}
        {...list}
        className="rows scroll"
        role="listbox"
        aria-label={label}
        style={{ height: 'auto' }}
        itemSize={height}
        bufferSize={400}
        onScroll={(offset) => near(offset, onEnd)}
      >
        {rows.map((c, index) => {
          const heading = headings?.get(c.id);
          return (
            <div key={c.id} role="presentation">
              {heading ? <GroupHead heading={heading} /> : null}
              <Row
                conversation={c}
                format={format}
                href={pathOf({ ...place, id: c.id })}
                index={index}
                total={rows.length}
                isSelected={place.id === c.id}
                isCursor={cursor === c.id}
                isGone={isGone(c)}
                preview={preview?.(c)}
                subject={subject?.(c)}
                group={heading?.text}
                onOpen={open}
                onHover={warm}
                isPicked={may ? picked.has(c.id) : null}
                isPicking={picking}
                onPick={pick}
              />
            </div>
          );
        })}
        {end ? <div role="presentation">{end}</div> : null}
      </VList>
      {picking ? <PickedBar view={source.view} q={source.q} ids={ids} /> : null}
    </>
  );
}

/** What can be done with the picked ones, below the list. */
export function PickedBar(props: { view: string; q: string; ids: readonly string[] }) {
  return (
    <Suspense>
      <BulkBar {...props} />
    </Suspense>
  );
}
