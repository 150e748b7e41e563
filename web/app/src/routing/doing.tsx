import { type AvailabilityState, post } from '@api';
import { type MenuGroup, toast } from '@ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwnAvailability, useSetAvailability } from '../availability/queries';
import { useRailMenu } from '../availability/rail';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { Offers } from './offers';
import { useTakeNext } from './use-next';

const ShiftDialog = lazy(() => Promise.all([import('./shift'), needArea('form')]).then(([part]) => part));

export const STATES: readonly AvailabilityState[] = ['online', 'away', 'busy', 'transfers_only', 'offline'];

/** Touches of the page are told at most this often. */
const TOUCH = 60_000;

/** Tells the server that somebody touches the app: without that they count as away after a while. */
function useTouches(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    let told = 0;
    const touch = () => {
      if (Date.now() - told < TOUCH) return;
      told = Date.now();
      void post('/availability/me/active', {}).catch(() => undefined);
    };
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const kind of kinds) addEventListener(kind, touch, { passive: true, capture: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, touch, { capture: true });
    };
  }, [on]);
}

/** One's own state in the rail, and what one is offered. Nothing at all while there is no queue. */
export default function Routing() {
  const { t, i18n } = useTranslation();
  const own = useOwnAvailability().data;
  const set = useSetAvailability();
  const supervises = useMay('queue.manage');
  const next = useTakeNext();
  const format = useFormat();
  const [ending, setEnding] = useState(false);
  const is = own?.routing ? own.availability : undefined;
  useTouches(is !== undefined && is.state !== 'offline');
  const { mutate } = set;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language
  useEffect(() => {
    if (!own || !is) return useRailMenu.setState({ state: undefined, label: undefined, routed: [], board: undefined });
    const label = is.reason ?? t(`routing.state.${is.effective}`);
    const say = (state: AvailabilityState, reason: string | null) =>
      mutate(
        { state, reason },
        {
          onSuccess: () => useShell.getState().announce(t('routing.now', { state: reason ?? t(`routing.state.${state}`) })),
          onError: (error) => toast(problemText(t, error)),
        },
      );
    const groups: MenuGroup[] = [
      {
        id: 'availability',
        title: t('routing.available'),
        items: [
          ...STATES.map((state) => ({
            id: state,
            label: t(`routing.state.${state}`),
            before: <span className="state-dot" data-state={state} />,
            isSelected: is.state === state && is.reason === null,
            hint: is.state === state && is.because ? t(`routing.because.${is.because}`) : undefined,
            onAction: () => say(state, null),
          })),
          ...own.reasons.map((reason) => ({
            id: `reason:${reason.name}`,
            label: reason.name,
            before: <span className="state-dot" data-state={reason.state} />,
            isSelected: is.state === reason.state && is.reason === reason.name,
            onAction: () => say(reason.state, reason.name),
          })),
        ],
      },
      {
        id: 'work',
        items: [
          ...(['chat', 'mail'] as const).map((medium) => ({
            id: medium,
            label: t(`routing.takes.${medium}`),
            isSelected: is.on[medium],
            onAction: () => mutate({ on: { ...is.on, [medium]: !is.on[medium] } }),
          })),
          { id: 'next', label: t('work.command.next'), icon: 'moveto' as const, onAction: next },
          ...(is.state === 'offline'
            ? []
            : [
                {
                  id: 'shift',
                  label: is.shift_ends_at ? t('routing.shift.ends', { when: format.coming(is.shift_ends_at) }) : t('routing.shift.end'),
                  icon: 'clock' as const,
                  onAction: () => setEnding(true),
                },
                ...(is.shift_ends_at
                  ? [{ id: 'shift_open', label: t('routing.shift.open'), icon: 'x' as const, onAction: () => mutate({ shift_ends_at: null }) }]
                  : []),
                {
                  id: 'hand_over',
                  label: t('routing.hand_over'),
                  icon: 'out' as const,
                  onAction: () => mutate({ state: 'offline' as const, hand_over: true }),
                },
              ]),
        ],
      },
    ];
    useRailMenu.setState({ state: is.effective, label, routed: groups, board: supervises ? t('routing.board.title') : undefined });
  }, [own, is, t, i18n.language, mutate, supervises, next]);
  return is ? (
    <>
      <Offers />
      {ending ? (
        <Suspense>
          <ShiftDialog onClose={() => setEnding(false)} />
        </Suspense>
      ) : null}
    </>
  ) : null;
}
