// Gives a Node program a clock on the wall that somebody sets: at each SIGUSR2 ten years back, then ten years ahead, then
// right again. Timers and performance.now go on as they do, as with a real clock that is set (clock_settime(2)).
const TEN_YEARS = 10 * 365 * 24 * 60 * 60_000;
const jumps = [-TEN_YEARS, TEN_YEARS, 0];
const RealDate = globalThis.Date;
let ahead = 0;
let count = 0;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + ahead] : args));
  }
  static now() {
    return RealDate.now() + ahead;
  }
};

process.on('SIGUSR2', () => {
  ahead = jumps[count % jumps.length];
  count += 1;
  process.stderr.write(`clock: it is ${new Date().toISOString()}\n`);
});
