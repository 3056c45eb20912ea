import type { ReactNode } from 'react';
import './state-word.css';

export type Tone = 'good' | 'warn' | 'bad' | 'neutral';

/** Colour is never the only sign: each tone has its shape, and the word stands beside it. */
const shapes: Readonly<Record<Tone, string>> = { good: '✓', warn: '▲', bad: '✕', neutral: '•' };

export function StateWord({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`state-word state-${tone}`}>
      <span aria-hidden="true" className="state-shape">
        {shapes[tone]}
      </span>
      <span>{children}</span>
    </span>
  );
}
