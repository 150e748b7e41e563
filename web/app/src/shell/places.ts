import { useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { type Place, useRailMenu } from '../availability/rail';
import { usePhone } from './use-media';

/** Puts the places that not everybody has where one finds them: into the rail, or on a phone, whose rail is full, first in one's own menu. */
export function usePlaces(): void {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const phone = usePhone();
  const { board, visitors, routed } = useRailMenu();
  useEffect(() => {
    const places: Place[] = [];
    if (visitors) places.push({ to: '/visitors', icon: 'globe', label: visitors, keys: 'g v' });
    if (board) places.push({ to: '/board', icon: 'chart', label: board });
    const items = places.map(({ to, icon, label }) => ({
      id: to,
      icon,
      label,
      isSelected: pathname.startsWith(to),
      onAction: () => void navigate(to),
    }));
    const inMenu = phone && items.length > 0;
    useRailMenu.setState({
      places,
      groups: inMenu ? [{ id: 'places', items }, ...routed] : routed,
      here: (inMenu && items.some((item) => item.isSelected)) || undefined,
    });
  }, [board, visitors, routed, phone, pathname, navigate]);
}
