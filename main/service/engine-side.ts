import { type EngineClient, engineClient } from '../engine/engine-client.ts';
import { type ImageService, startImages } from '../images/image-service.ts';
import { type EngineState, engineState } from './engine-state.ts';
import type { Ground } from './ground.ts';

/** What is asked of the engine, and of registries through it. */
export interface EngineSide {
  readonly engine: EngineClient;
  readonly engineNow: EngineState;
  readonly images: ImageService;
}

/** Begins to resolve the image list; whether the engine is there, others find out. */
export async function startEngineSide({
  endpoint,
  state,
  policy,
  journal,
  undo,
  reached,
}: Ground): Promise<EngineSide> {
  const { record } = journal;
  const engine = engineClient(endpoint);
  undo.add(() => engine.close());
  const engineNow = engineState(endpoint, engine, record);
  const isReachable = () => engineNow.view().reachable;
  const images = await startImages({
    engine,
    policy,
    stateFolder: state.folder,
    record,
    isReachable,
    engineId: () => engineNow.view().id,
    reached,
  });
  undo.add(() => images.stop());
  return { engine, engineNow, images };
}
