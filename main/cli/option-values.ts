import { InvalidArgumentError } from 'commander';
import { LONGEST_OBSERVATION_MINUTES } from '../../shared/ipc/observation.ts';

/** For options that may be repeated. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

export const eventCount = numberBetween(1, 1000);
export const portNumber = numberBetween(0, 65_535);
export const observedMinutes = numberBetween(1, LONGEST_OBSERVATION_MINUTES);

function numberBetween(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,5}$/.test(value) ? Number(value) : -1;
    if (number < least || number > most) {
      throw new InvalidArgumentError(`It takes a number from ${least} to ${most}`);
    }
    return number;
  };
}
