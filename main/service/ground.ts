import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { defaultEngineUrl, type EngineEndpoint, parseEngineUrl } from '../engine/endpoint.ts';
import { openPlaces, type Places } from '../gate/places.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { type Observation, openObservation } from '../observation/observation.ts';
import { type KeptPreferences, openPreferences } from '../preferences/preferences.ts';
import { makeUserFolder, thisPlatform } from '../settings/platform.ts';
import { openPolicySource, type PolicySource, refusedSettingsFile } from '../settings/settings.ts';
import type { Reached } from '../steps/step.ts';
import { tellCrowded } from './crowded.ts';
import { journalSettings } from './journal-settings.ts';
import { type Limits, limitsNow } from './limits.ts';
import { announcePolicy } from './policy-events.ts';
import { type ServeOptions, StartFailure } from './service-options.ts';
import { type OpenState, openState } from './state.ts';
import { surviveBugs } from './survive-bugs.ts';
import type { UndoList } from './undo-list.ts';

/** One start, with what everything else stands on: the state folder and what is kept in it. */
export interface Ground {
  readonly options: ServeOptions;
  readonly endpoint: EngineEndpoint;
  readonly state: OpenState;
  readonly policy: PolicySource;
  readonly observation: Observation;
  readonly journal: Journal;
  readonly preferences: KeptPreferences;
  /** Tells of a failure that is ours. */
  readonly failed: (error: unknown) => void;
  /** What clients may take of us, and what they have taken. */
  readonly limits: Limits;
  readonly places: Places;
  readonly undo: UndoList;
  readonly reached: Reached;
}

/** Checks what was asked for, takes the state folder, and opens what is kept in it. Rejects with a StartFailure. */
export async function openGround(options: ServeOptions, undo: UndoList, reached: Reached): Promise<Ground> {
  const endpoint = engineEndpoint(options);
  await checkSettingsOption(options);
  const state = await openState(options, reached);
  await makeUserFolder(thisPlatform());
  undo.add(() => state.release());
  const settingsFile = options.settings;
  const settings = await openPolicySource({
    stateFolder: state.folder,
    reached,
    ...(settingsFile !== undefined && { settingsFile }),
  });
  undo.add(() => settings.close());
  reached('policy-loaded');
  const journal = await openJournal({ folder: state.folder, reached, ...journalSettings(settings) });
  undo.add(() => journal.close());
  const record = journal.record;
  const observation = await openObservation({ policy: settings, stateFolder: state.folder, record, reached });
  undo.add(() => observation.close());
  const { policy } = observation;
  const preferences = await openPreferences(state.folder, reached);
  undo.add(() => preferences.close());
  const failed = (error: unknown) =>
    void journal.record({ type: 'lifecycle', what: 'internal-error', detail: words(error) });
  const limits = limitsNow(policy);
  const places = openPlaces(
    limits.places,
    tellCrowded((event) => void record(event)),
  );
  undo.add(announcePolicy(policy, journal));
  undo.add(surviveBugs(failed));
  return { options, endpoint, state, policy, observation, journal, preferences, failed, limits, places, undo, reached };
}

function engineEndpoint(options: ServeOptions): EngineEndpoint {
  const endpoint = parseEngineUrl(options.engine ?? defaultEngineUrl(process.platform));
  if (endpoint.kind === 'refused') throw new StartFailure('usage', endpoint.problem);
  return endpoint;
}

async function checkSettingsOption(options: ServeOptions): Promise<void> {
  const refused = options.settings === undefined ? undefined : await refusedSettingsFile(options.settings);
  if (refused !== undefined) throw new StartFailure('usage', renderRemark(refused));
}

function words(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
