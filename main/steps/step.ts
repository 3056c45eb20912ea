/**
 * The moments at which the end of the process (kill -9, a power cut) leaves something half done: between every two of
 * them, something lasting happens on disk, at the engine or at the client. A test kills Lockkeeper at each, starts it
 * again, and asserts that nothing is open, nothing is lost and nothing is left over.
 */
export const steps = [
  // a start
  'lock-taken',
  'policy-loaded',
  'socket-restored',
  'leftover-removed',
  'leftovers-removed',
  'host-gate-open',
  // a create that gets a filtered socket
  'image-opened',
  'create-noted',
  'folder-reserved',
  'create-sent',
  'container-created',
  'image-checked',
  'link-placed',
  'socket-listening',
  'record-half-written',
  'record-written',
  'create-settled',
  'create-answered',
  // a create that is taken back
  'create-undone',
  // a start of its container
  'start-sent',
  'start-answered',
  // what a container creates through its socket
  'own-container-noted',
  // the end of its container
  'removal-noticed',
  'socket-closed',
  'creations-forgotten',
  'record-retired',
  'folder-removed',
  // a change of the policy
  'policy-in-force',
  'policy-half-written',
  'policy-stored',
  // a change of the user's settings that is asked for in the window
  'settings-half-written',
  'settings-written',
  // a choice in the window
  'preferences-half-written',
  'preferences-written',
  // observing for a while
  'observing-half-written',
  'observing-written',
  // what registries have confirmed
  'digests-half-written',
  'digests-written',
  // a refresh of an image
  'refresh-asked',
  'refresh-noted',
  'refresh-pulling',
  'refresh-pulled',
  'refresh-container-removed',
  'refresh-old-removed',
  'refresh-finished',
  // the journal
  'journal-line-waiting',
  'journal-line-written',
] as const;

export type Step = (typeof steps)[number];

/** Told each time a step is reached, before anything else happens. */
export type Reached = (step: Step) => void;

/** What a step means to everybody but that test: nothing. */
export const goOn: Reached = () => undefined;
