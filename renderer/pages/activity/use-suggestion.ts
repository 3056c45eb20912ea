import { useEffect, useState } from 'react';
import type { Suggestion } from '../../../shared/ipc/policy-change.ts';
import { useConnection, useStatus } from '../../live/live.tsx';
import type { Decision } from './event-store.ts';

/** Whoever walks through a list with the arrow keys does not ask about each row on the way. */
const REST_MS = 200;

/** Which change would let a decision's request through: undefined until that is known, or when it cannot be. */
export function useSuggestion({ reason, operation, image, sequence }: Decision): Suggestion | undefined {
  const connection = useConnection();
  const generation = useStatus()?.policy.generation;
  const [known, setKnown] = useState<{ readonly of: number; readonly suggestion: Suggestion }>();
  // Another policy has another answer. Until it is there the one before stays: buttons that vanish for a moment
  // take with them the focus and what they have just said.
  useEffect(() => {
    if (reason === undefined || generation === undefined) return undefined;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const request = { reason, operation, ...(image !== undefined && { image }) };
      const answer = await connection.request('suggestChange', request);
      if (isWanted && answer.ok) setKnown({ of: sequence, suggestion: answer.value });
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [connection, reason, operation, image, sequence, generation]);
  return known?.of === sequence ? known.suggestion : undefined;
}
