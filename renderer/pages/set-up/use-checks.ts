import { useCallback, useEffect, useState } from 'react';
import type { Answer } from '../../../shared/ipc/contract.ts';
import type { SetUp, SetUpAction, SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { useConnection } from '../../live/live.tsx';

export interface Checking {
  /** As it was found last. */
  readonly setUp: SetUp | undefined;
  /** Why it could not be checked, or why what was asked for was not done. */
  readonly problem: string | undefined;
  readonly isChecking: boolean;
  readonly check: () => void;
  readonly act: (action: SetUpAction) => void;
}

/** Checks when the page opens, when Lockkeeper comes back, and when it is asked to. */
export function useChecks(): Checking {
  const connection = useConnection();
  const [setUp, setSetUp] = useState<SetUp>();
  /** What was tried once stays on the page until it is checked again: no other check tries it. */
  const [proof, setProof] = useState<SetUpCheck>();
  const [problem, setProblem] = useState<string>();
  const [isChecking, setChecking] = useState(false);
  const show = useCallback(async (asked: Promise<Answer<SetUp>>) => {
    setChecking(true);
    const answer = await asked;
    setChecking(false);
    setProblem(answer.ok ? undefined : answer.error.message);
    if (answer.ok) setSetUp(answer.value);
    return answer;
  }, []);
  const check = useCallback(() => {
    setProof(undefined);
    void show(connection.request('checkSetUp', {}));
  }, [connection, show]);
  const act = useCallback(
    async (action: SetUpAction) => {
      const answer = await show(connection.request('setUp', { action }));
      if (action === 'prove' && answer.ok) setProof(answer.value.checks.find((one) => one.check === 'blocked-mount'));
    },
    [connection, show],
  );
  useEffect(() => {
    const whenOpen = () => {
      if (connection.state() === 'open') check();
    };
    whenOpen();
    return connection.onState(whenOpen);
  }, [connection, check]);
  return { setUp: withProof(setUp, proof), problem, isChecking, check, act: (action) => void act(action) };
}

function withProof(setUp: SetUp | undefined, proof: SetUpCheck | undefined): SetUp | undefined {
  if (setUp === undefined || proof === undefined) return setUp;
  return { ...setUp, checks: setUp.checks.map((one) => (one.check === proof.check ? proof : one)) };
}
