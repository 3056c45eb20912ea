import { Worker } from 'node:worker_threads';
import { complain } from '../../cli/output.ts';
import { announce } from '../../cli/serve.ts';
import type { ServeOptions } from '../../service/service-options.ts';
import type { StartAtLogin } from '../../service/shell.ts';
import type { Notice } from '../notice.ts';
import { answerLogin } from './answer-login.ts';
import type { FromThread, ThreadStart, ToThread } from './messages.ts';
import { openLines, type ServiceLine, type ServiceLineEnds } from './open-lines.ts';

/** The service behind the window, which may not start, or not go on. */
export interface KeptService {
  /** Starts it, unless it runs or is about to. */
  start(): void;
  /** Opens a line to the contract, which is served as soon as the service runs. */
  open(ends: ServiceLineEnds): ServiceLine;
  /** Why it does not run. */
  notice(): Notice | undefined;
  stop(): Promise<void>;
}

export interface ServiceEvents {
  /** It runs. */
  readonly started: () => void;
  /** It does not run any more. */
  readonly over: () => void;
  /** There is a notice, or there is none any more. */
  readonly noticeChanged: () => void;
}

/** What bundling makes of thread.ts, beside what it makes of the app's own start. */
const THREAD = new URL('./service-thread.js', import.meta.url);

export function keepService(
  options: ServeOptions,
  atLogin: StartAtLogin | undefined,
  { started, over, noticeChanged }: ServiceEvents,
): KeptService {
  let thread: Worker | undefined;
  let notice: Notice | undefined;
  let whenEnded = () => {};
  const post = (message: ToThread) => thread?.postMessage(message);
  const lines = openLines((line) => post({ line }));

  function become(next: Notice | undefined): void {
    const isNews = notice !== undefined || next !== undefined;
    notice = next;
    if (next !== undefined) complain(next.message);
    if (isNews) noticeChanged();
  }

  function end(why?: Notice): void {
    // Its work is done, or was undone: whatever in it still waits for something, nobody waits for that.
    void thread?.terminate().then(whenEnded);
    thread = undefined;
    lines.end();
    over();
    if (why !== undefined) become(why);
  }

  function hear(message: FromThread): void {
    if ('line' in message) lines.take(message.line);
    else if ('login' in message) void answerLogin(atLogin, message).then(post);
    else if ('over' in message) end(message.over);
    else if ('stopped' in message) end();
    else {
      announce(message.started);
      become(undefined);
      started();
    }
  }

  return {
    start() {
      if (thread !== undefined) return;
      const workerData: ThreadStart = { options, hasLogin: atLogin !== undefined };
      const begun = new Worker(THREAD, { workerData });
      thread = begun;
      const unlessOver = (tell: () => void) => {
        if (thread === begun) tell();
      };
      begun.on('message', (message: FromThread) => unlessOver(() => hear(message)));
      // What its own last resort has not caught: memory that ran out, or a fault before it stood.
      begun.on('error', ({ message }) => unlessOver(() => end({ kind: 'ended', message })));
      begun.on('exit', (code) => unlessOver(() => end({ kind: 'ended', message: `its thread has ended (${code})` })));
    },
    open(ends) {
      const line = lines.open(ends);
      // As when the service ends: whoever opened it may try again.
      if (thread === undefined) queueMicrotask(lines.end);
      return line;
    },
    notice: () => notice,
    stop() {
      return new Promise((resolve) => {
        if (thread === undefined) return resolve();
        whenEnded = resolve;
        post({ stop: true });
      });
    },
  };
}
