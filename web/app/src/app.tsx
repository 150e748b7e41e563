import { ToastRegion } from '@ui';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useHref, useLocation, useNavigate } from 'react-router';
import { type Area, needArea, setLanguage } from './i18n';
import { useSession } from './session/queries';
import { applyAppearance } from './shell/appearance';
import { Boundary } from './shell/boundary';
import { Broken } from './shell/broken';
import { Frame } from './shell/frame';
import { Workspace } from './shell/workspace';

const withWords = <T,>(areas: Area[], page: () => Promise<T>): Promise<T> => Promise.all([page(), ...areas.map(needArea)]).then(([found]) => found as T);
const Tips = lazy(() => import('@ui/tips'));
const Entry = lazy(() => withWords(['entry', 'form', 'mailbox'], () => import('./entry')));
const Settings = lazy(() => withWords(['settings', 'form', 'mailbox', 'library'], () => import('./settings')));
const Nowhere = lazy(() => import('./shell/nowhere'));
const Customers = lazy(() => import('./customer/page'));
const Companies = lazy(() => withWords(['company', 'form'], () => import('./company/page')));
const Board = lazy(() => withWords(['routing'], () => import('./board/page')));
const Visitors = lazy(() => withWords(['visitor', 'form'], () => import('./visitor/page')));
const PrintPage = lazy(() => import('./print/page'));

/** Where people land who are not signed in; these pages need no session. */
const ENTRY = ['/setup', '/sign-in', '/invitation', '/forgot-password', '/reset-password'];

export function App() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  return (
    <I18nProvider locale={i18n.language === 'ko' ? 'ko-KR' : 'en-US'}>
      <RouterProvider navigate={(to) => void navigate(to)} useHref={useHref}>
        <Pages />
        <Suspense>
          <Tips />
        </Suspense>
        <ToastRegion label={t('app.toasts')} closeLabel={t('app.close')} />
      </RouterProvider>
    </I18nProvider>
  );
}

function Pages() {
  const session = useSession();
  const { pathname, search } = useLocation();
  const me = session.data;

  const person = me?.agent;
  const followed = useRef<string | undefined>(undefined);
  /** Somebody was signed in on this page before; told on the sign-in page. */
  const wasIn = useRef(false);
  useEffect(() => {
    if (!person) return;
    wasIn.current = true;
    applyAppearance(person.preferences);
    if (followed.current !== person.language) {
      followed.current = person.language;
      void setLanguage(person.language);
    }
  }, [person]);

  if (ENTRY.some((path) => pathname.startsWith(path)))
    return (
      <Suspense>
        <Entry />
      </Suspense>
    );
  if (session.isPending) return null;
  if (session.isError) return <Broken error={session.error} onRetry={() => void session.refetch()} />;
  if (!me) {
    const query = new URLSearchParams({ ...(wasIn.current ? { signed_out: '1' } : {}), ...(pathname === '/' ? {} : { next: pathname + search }) });
    return <Navigate to={`/sign-in${query.size ? `?${query}` : ''}`} replace />;
  }
  return (
    <Routes>
      <Route
        path="/conversations/:id/print"
        element={
          <Suspense>
            <PrintPage />
          </Suspense>
        }
      />
      <Route path="*" element={<Desk pathname={pathname} />} />
    </Routes>
  );
}

/** What agents work in. */
function Desk({ pathname }: { pathname: string }) {
  return (
    <Frame>
      <Boundary resetKey={pathname}>
        <Routes>
          <Route path="/" element={<Navigate to="/inbox/all_open" replace />} />
          <Route path="/inbox/:view/:id?" element={<Workspace />} />
          <Route path="/conversations/:id" element={<Workspace />} />
          <Route
            path="/customers/:id?"
            element={
              <Suspense>
                <Customers />
              </Suspense>
            }
          />
          <Route
            path="/companies/:id?"
            element={
              <Suspense>
                <Companies />
              </Suspense>
            }
          />
          <Route
            path="/board"
            element={
              <Suspense>
                <Board />
              </Suspense>
            }
          />
          <Route
            path="/visitors"
            element={
              <Suspense>
                <Visitors />
              </Suspense>
            }
          />
          <Route
            path="/settings/*"
            element={
              <Suspense>
                <Settings />
              </Suspense>
            }
          />
          <Route
            path="*"
            element={
              <Suspense>
                <Nowhere />
              </Suspense>
            }
          />
        </Routes>
      </Boundary>
    </Frame>
  );
}
