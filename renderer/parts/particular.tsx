import type { ReactNode } from 'react';

/** One line of what is known; none when it is not. */
export function Particular({ name, children }: { name: string; children: ReactNode }) {
  if (children === false) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
