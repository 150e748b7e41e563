import { Skeleton } from '@ui';

/** Stands where messages will be. */
export function ThreadSkeleton() {
  return (
    <div className="thread grow" aria-hidden="true">
      {[0, 1, 2].map((i) => (
        <div className="msg" key={i}>
          <Skeleton width={28} height={28} round />
          <div className="stack">
            <Skeleton width="30%" />
            <Skeleton />
            <Skeleton width="80%" />
          </div>
        </div>
      ))}
    </div>
  );
}
