import { differenceOf } from './difference-of.ts';
import './difference.css';

/** What a change of a small text takes out and brings in, line by line. */
export function Difference({ before, after }: { before: string; after: string }) {
  return (
    <pre className="difference">
      {differenceOf(before, after).map(({ sign, text, place }) => (
        <span key={place} className={sign === '+' ? 'added' : sign === '-' ? 'removed' : undefined}>
          {`${sign} ${text}\n`}
        </span>
      ))}
    </pre>
  );
}
