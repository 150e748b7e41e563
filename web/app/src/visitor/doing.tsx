import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useRailMenu } from '../availability/rail';
import { useSites } from './queries';

/** Puts the way to the visitors where one finds it, once a site tells who is there. */
export default function VisitorsDoing() {
  const { t, i18n } = useTranslation();
  const sites = useSites(true).data;
  const some = (sites?.length ?? 0) > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the word changes with the language
  useEffect(() => useRailMenu.setState({ visitors: some ? t('visitor.title') : undefined }), [some, t, i18n.language]);
  return null;
}
