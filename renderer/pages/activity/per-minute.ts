const MINUTE = 60_000;
export const CHART_MINUTES = 60;

/** Counts what was blocked in each minute, as far back as the chart goes. */
export function blockedPerMinute() {
  const counts = new Map<number, number>();
  return {
    /** `time` in milliseconds since 1970. */
    add(time: number): void {
      const minute = Math.floor(time / MINUTE);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
      if (counts.size > CHART_MINUTES * 2) counts.delete(Math.min(...counts.keys()));
    },
    clear: () => counts.clear(),
    /** The last minutes up to this time, its own last. */
    upTo(time: number): readonly number[] {
      const last = Math.floor(time / MINUTE);
      return Array.from({ length: CHART_MINUTES }, (_, at) => counts.get(last - CHART_MINUTES + 1 + at) ?? 0);
    },
  };
}
