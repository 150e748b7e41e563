import { Button, Icon } from '@ui';
import { type RefObject, useState } from 'react';
import { Dialog, DialogTrigger, Popover, Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { EditorHandle } from './editor';

/** Makes the chosen words a link, or takes the link away. */
export function LinkButton({ editor }: { editor: RefObject<EditorHandle | null> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [href, setHref] = useState('');
  const apply = () => {
    const wanted = href.trim();
    editor.current?.link(wanted ? (/^[a-z][a-z0-9+.-]*:/i.test(wanted) ? wanted : `https://${wanted}`) : null);
    setOpen(false);
  };
  return (
    <DialogTrigger
      isOpen={open}
      onOpenChange={(next) => {
        if (next) setHref(editor.current?.linkNow() ?? '');
        setOpen(next);
      }}
    >
      <RawButton className="ib" aria-label={t('app.composer.link')}>
        <Icon name="link" />
      </RawButton>
      <Popover className="pop" placement="top start" offset={4}>
        <Dialog aria-label={t('app.composer.link')}>
          <form
            className="link-form"
            onSubmit={(event) => {
              event.preventDefault();
              apply();
            }}
          >
            <input
              className="input"
              aria-label={t('app.composer.link')}
              placeholder="https://"
              autoFocus
              value={href}
              onChange={(event) => setHref(event.target.value)}
              inputMode="url"
            />
            <Button type="submit">{t('app.ok')}</Button>
          </form>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
