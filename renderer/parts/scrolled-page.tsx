import type { ReactNode } from 'react';

interface ScrolledPageProps {
  /** What the page is, for those who do not see it. */
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** Where nothing in a page takes the focus, the keyboard could not scroll it (WCAG 2.1.1). */
const focusable = { tabIndex: 0 } as const;

/** A page of sections that may hold nothing but text, and scrolls as a whole. */
export function ScrolledPage({ label, className, children }: ScrolledPageProps) {
  return (
    <section className={`sections ${className}`} aria-label={label} {...focusable}>
      {children}
    </section>
  );
}
