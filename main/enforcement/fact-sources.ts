import type { CutOffFact } from '../../shared/decision/facts.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { OwnContainers } from '../exceptions/own-containers.ts';
import type { ImageService } from '../images/image-service.ts';
import { type HolderOptions, inspectHolder } from '../sources/holder.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import type { FactSources } from './find-fact.ts';
import { holderStandings } from './holder-standings.ts';

export interface FactSourcesDeps {
  readonly engine: EngineClient;
  readonly own: OwnContainers;
  readonly survey: SourceSurvey;
  readonly image: ImageService['gather'];
  readonly holders: () => readonly SocketHolder[];
  readonly socketsFolder: string;
  /** An empty folder of ours, with which our own state is covered in containers. */
  readonly emptyFolder: string;
  readonly deliveredTo: HolderOptions['deliveredTo'];
  readonly cutOff: (holder: SocketHolder) => Promise<CutOffFact>;
}

/** What facts are found out by, put together from those who know. */
export function factSources(deps: FactSourcesDeps): FactSources {
  const { engine, own, survey, image, holders, socketsFolder, emptyFolder, deliveredTo, cutOff } = deps;
  return {
    engine,
    own,
    survey,
    image,
    cutOff,
    holders,
    socketsFolder,
    emptyFolder,
    standing: holderStandings({ image }),
    holderOf: (container) => inspectHolder(container, survey, { engine, socketsFolder, deliveredTo }),
  };
}
