import { InvalidArgumentError } from 'commander';

/** Reads the number of an option of a command line. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it must be a whole number');
  return Number(text);
}
