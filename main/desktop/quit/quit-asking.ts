import type { TFunction } from 'i18next';
import type { Answer } from '../../../shared/ipc/contract.ts';
import type { SetUp } from '../../../shared/ipc/set-up.ts';
import type { OwnClient } from '../own-client.ts';
import { type AtStake, notLeftQuestion, type QuitChoice, type QuitQuestion, quitQuestion } from './question.ts';

export interface QuitDeps {
  /** The running service's contract; undefined while it does not run: then nothing stops working. */
  readonly client: () => Pick<OwnClient, 'request'> | undefined;
  /** As they were told last, for a service that does not say it now. */
  readonly holders: () => AtStake['holders'];
  readonly texts: () => TFunction;
  readonly ask: (question: QuitQuestion) => Promise<QuitChoice>;
  /** Ends the app. */
  readonly quit: () => void;
  readonly complain: (message: string) => void;
}

/** Milliseconds that it may take to find out what is at stake: whoever quits does not wait for a service that hangs. */
const LOOK_MS = 10_000;

/** Ends the app for a user who wants that, once it was said what stops working. Nothing that goes wrong keeps it. */
export function quitAsking(deps: QuitDeps): () => void {
  let isAsking = false;
  return () => {
    if (isAsking) return;
    isAsking = true;
    void wantsToQuit(deps)
      .catch((error: unknown) => {
        deps.complain(
          `what stops working could not be said: ${error instanceof Error ? error.message : String(error)}`,
        );
        return true;
      })
      .then((wants) => {
        isAsking = false;
        if (wants) deps.quit();
      });
  };
}

async function wantsToQuit({ client, holders, texts, ask }: QuitDeps): Promise<boolean> {
  const service = client();
  if (service === undefined) return true;
  const [setUp, status] = await Promise.all([
    inTime(service.request('checkSetUp', {})),
    inTime(service.request('status', {})),
  ]);
  const context = contextOf(setUp);
  const question = quitQuestion(
    { holders: status?.holders ?? holders(), ...(context !== undefined && { context }) },
    texts(),
  );
  const choice = question === undefined ? 'quit' : await ask(question);
  if (choice !== 'leave-context' || context === undefined) return choice === 'quit';
  const left = await service.request('setUp', { action: 'leave-context' });
  return left.ok || (await ask(notLeftQuestion(left.error.message, context.before, texts()))) === 'quit';
}

/** The selected docker context, if one click sets it back. */
function contextOf(setUp: SetUp | undefined): AtStake['context'] {
  const found = setUp?.checks.find(({ action }) => action === 'leave-context');
  const { context: name, before } = found?.values ?? {};
  return name === undefined || before === undefined ? undefined : { name, before };
}

/** What a request comes to; undefined where that is nothing, or takes too long. */
async function inTime<Value>(request: Promise<Answer<Value>>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, LOOK_MS, undefined);
  });
  const answered = request.then(
    (answer) => (answer.ok ? answer.value : undefined),
    () => undefined,
  );
  return await Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
