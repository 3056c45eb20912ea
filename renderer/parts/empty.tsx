import type { ReactNode } from 'react';
import './empty.css';

/** A list with nothing in it says why, and what would fill it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
