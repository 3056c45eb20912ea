/** Milliseconds on the processor that `act` takes: a machine that is busy with other things makes it late, not slow. */
export function processorTime(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
