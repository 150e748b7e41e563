import { useQuery } from '@tanstack/react-query';
import { CopyButton, Switch } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Pinned {
  path: string;
  integrity: string;
}

/** The line for a site's pages: always the present script, or pinned to what it is now. */
export function Snippet({ code }: { code: string }) {
  const { t } = useTranslation();
  const [isPinned, setPinned] = useState(false);
  const pinned = useQuery({
    queryKey: ['widget.json'],
    queryFn: ({ signal }) => fetch('/widget.json', { signal }).then((answer) => (answer.ok ? (answer.json() as Promise<Pinned>) : Promise.reject(answer))),
    enabled: isPinned,
  }).data;
  const line = (src: string, more = '') => `<script async src="${location.origin}${src}"${more} data-key="${code}"></script>`;
  const text = isPinned && pinned ? line(pinned.path, ` integrity="${pinned.integrity}" crossorigin="anonymous"`) : line('/widget.js');
  return (
    <>
      <div className="secret">
        <code>{text}</code>
        <div>
          <CopyButton text={text} label={t(isPinned ? 'visitor.pinned.copy' : 'chat.widget.copy')} doneLabel={t('form.copied')} />
        </div>
      </div>
      <div>
        <Switch isSelected={isPinned} onChange={setPinned}>
          {t('visitor.pinned.show')}
        </Switch>
        {isPinned ? <p className="hint">{t('visitor.pinned.hint')}</p> : null}
      </div>
    </>
  );
}
