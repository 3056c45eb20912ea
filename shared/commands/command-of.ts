import type { OperationId } from '../engine-api/operation.ts';
import { commands } from './command-table.ts';

const byOperation = new Map<OperationId, string>();
for (const { name, defining } of commands) {
  for (const operation of defining) if (!byOperation.has(operation)) byOperation.set(operation, name);
}

/** The docker command that an operation most likely comes from, for people: `image push`. The request itself does not say. */
export function commandOf(operation: OperationId): string | undefined {
  return byOperation.get(operation);
}
