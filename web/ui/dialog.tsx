import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end; the primary one last. */
  actions?: ReactNode;
  wide?: boolean;
}

/** A dialog in the middle. Escape and a click outside close it. */
export function Dialog({ title, isOpen, onClose, children, actions, wide }: DialogProps) {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="dialog" data-wide={wide || undefined}>
        <AriaDialog>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
          {actions ? <div className="acts">{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A panel that slides in from the right on narrow windows. */
export function Sheet({ label, isOpen, onClose, children }: { label: string; isOpen: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <ModalOverlay className="scrim" data-side="right" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="sheet">
        <AriaDialog aria-label={label}>{children}</AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
