export const containers = {
  filtered: 'With a filtered socket',
  raw: 'With the engine’s own socket',
  columns: {
    container: 'Container',
    image: 'Image',
    entry: 'Allowed by',
    since: 'Since',
    requests: 'Requests',
    refused: 'Blocked',
    state: 'State',
    source: 'By',
  },
  states: { running: 'Running', stopped: 'Stopped', cutOff: 'Cut off', needsRestart: 'Restart it' },
  needsRestart: 'Its socket went stale when Lockkeeper was restarted. Run: {{command}}',
  cutOff: 'Cut off',
  cutOffTitle: 'Cut {{name}} off Docker?',
  cutOffWords:
    'Its requests are refused from now on, and those in progress end. Restart the container to give it back.',
  cutOffDo: 'Cut {{name}} off',
  cancel: 'Leave it',
  noneFiltered: 'No container holds a Docker socket.',
  noneFilteredWhy: 'A container whose image is on the allow list gets one when it asks for it.',
  noneRaw: 'No container holds the engine’s own socket.',
  rawWords:
    'These containers command the engine past Lockkeeper. They were created before it was there, or not through it. Remove them and create them again through Lockkeeper:',
  problem: 'The engine could not be asked: {{problem}}',
};
