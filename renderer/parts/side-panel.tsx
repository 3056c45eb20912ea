import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import './side-panel.css';

/** Details beside the list they belong to; closed with Escape. Reading never covers what one came from. */
export function SidePanel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside className="side-panel" aria-label={title} ref={panel}>
      <div className="side-panel-head">
        <h2>{title}</h2>
        <Button className="icon-button" aria-label={t('common.close')} onPress={onClose}>
          <span aria-hidden="true">✕</span>
        </Button>
      </div>
      <div className="side-panel-body">{children}</div>
    </aside>
  );
}
