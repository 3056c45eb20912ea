import type { JsonObject } from '../json/json-node.ts';
import { field, objects } from './body-fields.ts';

/** Lists in which the engine expects no null (moby container.Resources has pointers there). */
const LISTS = [
  'BlkioDeviceReadBps',
  'BlkioDeviceReadIOps',
  'BlkioDeviceWriteBps',
  'BlkioDeviceWriteIOps',
  'BlkioWeightDevice',
  'Ulimits',
];

/**
 * Complains of a null in one of them. Engine 20.10 creates a container with `Ulimits: [null]`, and fails whenever it is
 * inspected, while it holds the container's lock: from then on nothing can be done about that container, and who asks for
 * it waits for ever.
 */
export function refuseNullPointers(level: JsonObject): void {
  for (const name of LISTS) objects(field(level, name, 'array'), name);
}
