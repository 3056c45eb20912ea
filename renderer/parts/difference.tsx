import { useTranslation } from 'react-i18next';
import { differenceOf } from './difference-of.ts';
import './difference.css';

const classes = { '+': 'added', '-': 'removed', ' ': undefined } as const;

/** What a change of a small text takes out and brings in, line by line. */
export function Difference({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  return (
    <pre className="difference">
      {differenceOf(before, after).map((line) =>
        line.sign === 'skipped' ? (
          <span key={line.place} className="skipped">
            {`⋯ ${t('common.sameLines', { count: line.count })}\n`}
          </span>
        ) : (
          <span key={line.place} className={classes[line.sign]}>
            {`${line.sign} ${line.text}\n`}
          </span>
        ),
      )}
    </pre>
  );
}
