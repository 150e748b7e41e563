import { Banner, Button, Dialog } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from './form';

/** A dialog that is a form: cancel, one way to go on (also by Enter), and on top what is wrong with all of it. */
export function FormDialog({
  title,
  submit,
  isPending,
  problem,
  error,
  wide,
  className = wide ? 'sec-in sec-wide' : 'sec-in',
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  /** What the button says; "Save" when absent. */
  submit?: string;
  isPending: boolean;
  problem?: string | null;
  /** What was answered: a new one takes the focus to the first field that needs a look. */
  error?: unknown;
  wide?: boolean;
  /** Of the form, outside settings. */
  className?: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      wide={wide}
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isPending={isPending} onPress={onSubmit}>
            {submit ?? t('app.save')}
          </Button>
        </>
      }
    >
      <Form className={className} onSubmit={onSubmit} error={error}>
        {problem ? <Banner tone="bad">{problem}</Banner> : null}
        {children}
      </Form>
    </Dialog>
  );
}
