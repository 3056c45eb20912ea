// Gives a Node program a clock that can be moved forward: an hour passes in seconds, and every timer that an hour would
// set off goes off, in order, with turns of the real event loop between, so that what it does is done.
// Covers what main/ and its libraries can time with: setTimeout and setInterval (global, node:timers and its promises),
// timeouts of sockets, Date and performance.now. Not covered: timers inside Node itself.
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';

const real = {
  setTimeout: timers.setTimeout,
  clearTimeout: timers.clearTimeout,
  now: performance.now.bind(performance),
  pause: promises.setTimeout,
  turn: promises.setImmediate,
  Date: globalThis.Date,
};
const LONGEST = 2 ** 31 - 1;
/** Timers of at least so many milliseconds may be deadlines: what they limit gets a real moment to come first. */
const DEADLINE = 5000;
const MOMENT = 5;
const pending = new Set();
let ahead = 0;

const now = () => real.now() + ahead;

class Timer {
  constructor(work, delay, repeats) {
    this.work = work;
    this.delay = delay >= 1 && delay <= LONGEST ? delay : 1;
    this.repeats = repeats;
    this.isRef = true;
    this.refresh();
  }
  refresh() {
    this.close();
    this.due = now() + this.delay;
    this.handle = real.setTimeout(() => this.fire(), this.delay);
    if (!this.isRef) this.handle.unref();
    pending.add(this);
    return this;
  }
  fire() {
    this.close();
    if (this.repeats) this.refresh();
    this.work();
  }
  close() {
    real.clearTimeout(this.handle);
    pending.delete(this);
    return this;
  }
  ref() {
    this.isRef = true;
    this.handle.ref();
    return this;
  }
  unref() {
    this.isRef = false;
    this.handle.unref();
    return this;
  }
  hasRef() {
    return this.isRef;
  }
  [Symbol.dispose ?? Symbol.for('dispose')]() {
    this.close();
  }
}

const setTimeout = (work, delay, ...args) => new Timer(() => work(...args), Number(delay), false);
const setInterval = (work, delay, ...args) => new Timer(() => work(...args), Number(delay), true);
const clear = (timer) => (timer instanceof Timer ? void timer.close() : real.clearTimeout(timer));

/** As node:timers/promises has it. */
function later(delay, value, { signal, ref = true } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      timer.close();
      reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }, delay);
    if (!ref) timer.unref();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
setTimeout[promisify.custom] = later;

function install() {
  for (const target of [globalThis, timers]) {
    Object.assign(target, { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear });
  }
  promises.setTimeout = later;
  performance.now = now;
  globalThis.Date = class extends real.Date {
    constructor(...args) {
      super(...(args.length === 0 ? [real.Date.now() + ahead] : args));
    }
    static now() {
      return real.Date.now() + ahead;
    }
  };
  installSocketTimeouts();
  syncBuiltinESMExports();
}

/** Node keeps these in a list of its own, and calls _unrefTimer at each sign of life. */
function installSocketTimeouts() {
  const timerOf = new WeakMap();
  const { _unrefTimer: signOfLife } = net.Socket.prototype;
  net.Socket.prototype.setTimeout = function (delay, listener) {
    timerOf.get(this)?.close();
    if (listener !== undefined) this[delay === 0 ? 'off' : 'once']('timeout', listener);
    this.timeout = delay;
    if (delay > 0) {
      timerOf.set(this, setTimeout(() => this.destroyed || this.emit('timeout'), delay).unref());
    }
    return this;
  };
  net.Socket.prototype._unrefTimer = function () {
    signOfLife.call(this);
    if (this.timeout > 0 && !this.destroyed) timerOf.get(this)?.refresh();
  };
}

function earliest(end) {
  let found;
  for (const timer of pending) if (timer.due <= end && (found === undefined || timer.due < found.due)) found = timer;
  return found;
}

/** Resolves when the clock is so many milliseconds further; says how many timers went off. */
async function advance(milliseconds) {
  const end = now() + milliseconds;
  let count = 0;
  for (;;) {
    const next = earliest(end);
    if (next === undefined) break;
    if (next.delay >= DEADLINE) await real.pause(MOMENT);
    // It may be off by now, because what it waited for has come.
    if (!pending.has(next)) continue;
    ahead += Math.max(0, next.due - now());
    next.fire();
    count += 1;
    await real.turn();
  }
  ahead += Math.max(0, end - now());
  return count;
}

install();
process.on('SIGUSR2', async () => {
  const count = await advance(60 * 60_000);
  process.stderr.write(`clock: an hour later, ${count} timers\n`);
});
