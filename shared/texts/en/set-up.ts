/** What each check can find. `title` names what is looked at; every other key is a finding, with its remedy in the text. */
export const setUp = {
  again: 'Check again',
  checking: 'Looking at this machine …',
  states: { pass: 'In order', warn: 'Worth knowing', fail: 'Needs attention', unknown: 'Not known' },
  actions: { 'use-context': 'Create and use the context', 'leave-context': 'Go back to the default context' },
  engine: {
    title: 'Docker Engine',
    reachable: 'The engine at {{endpoint}} answers: version {{version}}.',
    unreachable:
      'The engine at {{endpoint}} does not answer ({{problem}}). Start it; Lockkeeper goes on by itself then.',
  },
  policy: {
    title: 'Policy',
    locked: 'The policy in {{file}} is in force and locked.',
    unlocked: 'The policy in {{file}} is in force. It is not locked: whoever uses this account can change it.',
    'built-in': 'No settings file was found: no image may have a Docker socket. Write {{file}} to allow some.',
    'not-enforced': '{{file}} switches the protection off: every container may mount the Docker socket.',
    'last-good': 'A settings file cannot be used, so the last good policy stays in force: {{problem}}',
    closed: 'There is no usable policy, and every Docker socket in a container is refused: {{problem}}',
  },
  'docker-context': {
    title: 'Docker context',
    ours: 'The docker command goes through Lockkeeper: context “{{context}}”.',
    other: 'The docker command goes past Lockkeeper: context “{{context}}” leads to {{endpoint}}.',
    'no-docker': 'The docker command is not installed, so there is no context to set.',
    unreadable: 'Docker’s configuration cannot be read: {{problem}}',
  },
  'docker-host': {
    title: 'DOCKER_HOST',
    unset: 'DOCKER_HOST is not set where Lockkeeper runs; the context decides.',
    ours: 'DOCKER_HOST leads to Lockkeeper.',
    other:
      'DOCKER_HOST is {{value}}, which goes past Lockkeeper and beats every context. Take it out of your shell’s start-up file.',
  },
  testcontainers: {
    title: 'Testcontainers',
    clear: 'Nothing in ~/.testcontainers.properties or the environment leads Testcontainers past Lockkeeper.',
    other: '{{name}} is {{value}}, which leads Testcontainers past Lockkeeper. Remove it, or set it to {{wanted}}.',
  },
  'engine-on-tcp': {
    title: 'Engine on TCP',
    closed: 'The engine does not listen on TCP port 2375 of this machine.',
    open: 'Something listens on TCP port 2375 and answers as a Docker Engine: every container that reaches this machine commands it. Take the “tcp://” host out of the engine’s configuration.',
  },
  'docker-group': {
    title: 'Engine’s own socket',
    private: '{{socket}} can be opened by root only.',
    group:
      'Members of the group {{group}} ({{members}}) can open {{socket}} past Lockkeeper. Containers cannot; people and their programs can.',
    everybody: 'Everybody on this machine can open {{socket}} past Lockkeeper. Give it the mode 0660.',
    'not-local': 'The engine is not reached through a socket file, so its rights cannot be looked at.',
  },
  'raw-sockets': {
    title: 'Containers with the raw socket',
    none: 'No container holds the engine’s own socket.',
    some: 'These containers hold the engine’s own socket, past Lockkeeper: {{names}}. Create them again through Lockkeeper.',
    unknown: 'The engine could not be asked: {{problem}}',
  },
  versions: {
    title: 'Versions',
    known: 'Lockkeeper {{version}} with engine {{engine}}.',
    old: 'Engine {{engine}} is older than the oldest that Lockkeeper is tested with ({{oldest}}).',
    newer:
      'Engine {{engine}} is newer than the newest that Lockkeeper is tested with ({{newest}}). Operations that it does not know are refused on filtered sockets.',
    unknown: 'The engine’s version is not known while it cannot be reached.',
  },
};
