import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OwnClient } from '../../../../../main/desktop/own-client.ts';
import type { QuitChoice, QuitQuestion } from '../../../../../main/desktop/quit/question.ts';
import { type QuitDeps, quitAsking } from '../../../../../main/desktop/quit/quit-asking.ts';
import { textsIn } from '../../../../../main/desktop/texts.ts';
import type { Answer } from '../../../../../shared/ipc/contract.ts';
import type { SetUpCheck } from '../../../../../shared/ipc/set-up.ts';

type Request = (name: string, input: object) => Promise<Answer<unknown>>;

const ours: SetUpCheck = {
  check: 'docker-context',
  state: 'pass',
  finding: 'ours',
  values: { context: 'lockkeeper', before: 'default' },
  action: 'leave-context',
};
const holders = [{ image: 'docker:cli' }];
const answering =
  (checks: readonly SetUpCheck[], held: readonly object[] = []): Request =>
  async (name) => ({ ok: true, value: name === 'status' ? { holders: held } : { checks, checkedAt: '' } });
const failing: Request = async () => ({ ok: false, error: { name: 'no-answer', message: 'no answer came' } });

/** Wants to quit, with these choices one after the other; resolves when the app has quit, or was asked for the last time. */
function quitting({
  request,
  choices = [],
  ...more
}: Partial<QuitDeps> & { request?: Request; choices?: QuitChoice[] }) {
  const asked: QuitQuestion[] = [];
  const requested: string[] = [];
  const left = [...choices];
  const quit = vi.fn();
  const client = {
    request(name: string, input: object) {
      requested.push(`${name} ${JSON.stringify(input)}`);
      return request?.(name, input);
    },
  } as Pick<OwnClient, 'request'>;
  const wantToQuit = quitAsking({
    client: () => client,
    holders: () => [],
    texts: () => textsIn('en'),
    async ask(question) {
      asked.push(question);
      return left.shift() ?? 'stay';
    },
    quit,
    complain: () => undefined,
    ...more,
  });
  wantToQuit();
  return { asked, requested, quit, wantToQuit };
}

afterEach(() => vi.useRealTimers());

describe('wanting to quit', () => {
  it('quits without a word where nothing would stop working', async () => {
    const { quit, asked } = quitting({ request: answering([]) });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(asked).toEqual([]);
  });

  it('goes by who holds a socket now, and not by what was told last', async () => {
    const gone = quitting({ request: answering([]), holders: () => holders });
    await vi.waitFor(() => expect(gone.quit).toHaveBeenCalledOnce());
    expect(gone.asked).toEqual([]);
    const come = quitting({ request: answering([], holders), choices: ['quit'] });
    await vi.waitFor(() => expect(come.quit).toHaveBeenCalledOnce());
    expect(come.asked).toHaveLength(1);
  });

  it('quits without a word where the service does not run', async () => {
    const { quit, asked } = quitting({ client: () => undefined, holders: () => holders });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(asked).toEqual([]);
  });

  it('quits, and leaves the context, when that is what is wanted', async () => {
    const { quit, requested } = quitting({ request: answering([ours]), choices: ['quit'] });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(requested).toEqual(['checkSetUp {}', 'status {}']);
  });

  it('sets the context back as the window does, and quits', async () => {
    const { quit, requested, asked } = quitting({ request: answering([ours]), choices: ['leave-context'] });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(requested).toEqual(['checkSetUp {}', 'status {}', 'setUp {"action":"leave-context"}']);
    expect(asked).toHaveLength(1);
  });

  it.each<[QuitChoice, number]>([
    ['quit', 1],
    ['stay', 0],
  ])('asks again when the context could not be set back: %s', async (second, quits) => {
    const request: Request = (name, input) =>
      name === 'setUp' ? failing(name, input) : answering([ours])(name, input);
    const { quit, asked } = quitting({ request, choices: ['leave-context', second] });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.detail).toContain('no answer came');
    await vi.waitFor(() => expect(quit).toHaveBeenCalledTimes(quits));
  });

  it('stays when that is what is wanted, and asks again the next time', async () => {
    const { quit, asked, wantToQuit } = quitting({ request: answering([ours]), choices: ['stay', 'quit'] });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    // Within the turn in which it has stayed.
    await new Promise(setImmediate);
    expect(quit).not.toHaveBeenCalled();
    wantToQuit();
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(asked).toHaveLength(2);
  });

  it('asks once at a time', async () => {
    let choose: (choice: QuitChoice) => void = () => undefined;
    const ask = vi.fn(() => new Promise<QuitChoice>((resolve) => (choose = resolve)));
    const { quit, wantToQuit } = quitting({ request: answering([ours]), ask });
    await vi.waitFor(() => expect(ask).toHaveBeenCalledOnce());
    wantToQuit();
    await new Promise(setImmediate);
    expect(ask).toHaveBeenCalledOnce();
    choose('quit');
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
  });

  it.each<[string, Request]>([
    ['refuses', failing],
    ['throws', () => Promise.reject(new Error('broken'))],
  ])('lets the app end when its service %s', async (_how, request) => {
    const { quit, asked } = quitting({ request, holders: () => holders, choices: ['quit'] });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
    expect(asked).toHaveLength(1);
  });

  it('lets the app end when its service hangs', async () => {
    vi.useFakeTimers();
    const { quit, asked } = quitting({
      request: () => new Promise(() => undefined),
      holders: () => holders,
      choices: ['quit'],
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(quit).toHaveBeenCalledOnce();
    expect(asked).toHaveLength(1);
  });

  it('lets the app end when nobody can be asked', async () => {
    const ask = () => Promise.reject(new Error('there is no display'));
    const { quit } = quitting({ request: answering([ours]), ask });
    await vi.waitFor(() => expect(quit).toHaveBeenCalledOnce());
  });
});
