import { usePlace } from '../shell/place';
import { useWide } from '../shell/use-media';
import { useSavedViews } from '../view/queries';

/** Whether the list is a table: a saved view with columns, while no conversation is open and there is room. */
export function useTable(): boolean {
  const { view, id } = usePlace();
  const wide = useWide();
  const columns = useSavedViews().data?.find((one) => one.id === view)?.columns ?? [];
  return wide && id === null && columns.length > 0;
}
