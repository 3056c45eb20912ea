import type { LayerProgress } from '../../shared/ipc/refresh.ts';
import type { PullLine } from '../engine/image-client.ts';

/** An image has at most 127 layers on overlay2; what an engine sends beyond that is not kept. */
const MOST_LAYERS = 256;

/** The layers of a pull after one more line of its progress. */
export function withLine(
  layers: readonly LayerProgress[],
  { id, status, current, total }: PullLine,
): readonly LayerProgress[] {
  if (id === undefined) return layers;
  const before = layers.find((layer) => layer.id === id);
  if (before === undefined && (layers.length >= MOST_LAYERS || status.startsWith('Pulling from'))) return layers;
  const layer: LayerProgress = {
    // Sizes belong to what the status says: what was downloaded is no measure of what is extracted.
    ...(before?.status === status && before),
    id,
    status,
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  };
  return before === undefined ? [...layers, layer] : layers.map((one) => (one === before ? layer : one));
}
