import { useTranslation } from 'react-i18next';

const HEIGHT = 28;
const BAR = 8;
const GAP = 2;

/** Blocked per minute, the present minute at the right. */
export function Chart({ perMinute }: { perMinute: readonly number[] }) {
  const { t } = useTranslation();
  const most = Math.max(...perMinute);
  const count = perMinute.reduce((sum, one) => sum + one, 0);
  return (
    <svg
      className="chart"
      role="img"
      aria-label={t('activity.chart', { count, most })}
      viewBox={`0 0 ${perMinute.length * BAR} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <title>{t('activity.chart', { count, most })}</title>
      <line x1={0} x2={perMinute.length * BAR} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {perMinute.map((value, at) => {
        const height = most === 0 ? 0 : Math.max(value === 0 ? 0 : 2, (value / most) * (HEIGHT - 2));
        // Bars are minutes counted from the right: their place is their name.
        const minute = perMinute.length - at;
        return <rect key={minute} x={at * BAR} width={BAR - GAP} y={HEIGHT - 1 - height} height={height} />;
      })}
    </svg>
  );
}
