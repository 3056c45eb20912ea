/** What each check can find. `title` names what is looked at; every other key is a finding, with its remedy in the text. */
export const setUp = {
  again: 'Check again',
  checking: 'Looking at this machine …',
  checked: 'Checked',
  copyReport: 'Copy as text',
  firstRun: 'Go through the first run again',
  only: 'Show only what needs attention',
  nothingLeft: 'Nothing needs attention.',
  unavailable: 'The checks could not be made: {{problem}}',
  notDone: 'Not done: {{problem}}',
  summary: {
    fail_one: '{{count}} needs attention',
    fail_other: '{{count}} need attention',
    warn_one: '{{count}} worth knowing',
    warn_other: '{{count}} worth knowing',
    unknown_one: '{{count}} not known',
    unknown_other: '{{count}} not known',
    pass_one: '{{count}} in order',
    pass_other: '{{count}} in order',
  },
  states: { pass: 'In order', warn: 'Worth knowing', fail: 'Needs attention', unknown: 'Not known' },
  actions: {
    'use-context': 'Create and use the context “lockkeeper”',
    'leave-context': 'Go back to the context “{{before}}”',
    prove: 'Try it with a real container',
  },
  lockkeeper: {
    title: 'Lockkeeper',
    running: 'Lockkeeper {{version}} runs and takes Docker’s requests at {{gate}}.',
    'not-running': 'No Lockkeeper could be asked: {{problem}}',
  },
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
    observing:
      'Lockkeeper only observes until {{until}}: nothing is blocked. “lockkeeper observe --end” enforces the policy again at once.',
    warnings: 'The policy is in force, with doubts: {{warnings}}',
    'last-good': 'A settings file cannot be used, so the last good policy stays in force: {{problem}}',
    closed: 'There is no usable policy, and every Docker socket in a container is refused: {{problem}}',
  },
  'docker-context': {
    title: 'Docker context',
    ours: 'The docker command goes through Lockkeeper: context “{{context}}”.',
    other: 'The docker command goes past Lockkeeper: context “{{context}}” leads to {{endpoint}}.',
    'host-decides': 'DOCKER_HOST leads to Lockkeeper and beats the selected context.',
    'no-docker':
      'The docker command is not installed here, so there is no context to set. Other clients: DOCKER_HOST={{gate}}',
    unreadable: 'The docker command does not tell its context: {{problem}}',
  },
  'blocked-mount': {
    title: 'A blocked mount, as proof',
    'would-be-refused':
      'A container of an image that is not on the list would be refused the Docker socket: so decides what decides about every container.',
    refused: 'Just now a container of {{image}} asked for the Docker socket, and was refused: “{{message}}”',
    'let-through':
      'Just now a container of {{image}} was created with the Docker socket, though it should have been refused. It was removed again. Please report this.',
    everything: 'The image list has “*”: every image may have a filtered Docker socket, so none would be refused.',
    passes: 'Nothing is enforced: every container may mount the engine’s own socket.',
    'no-image':
      'Every image on this machine may have the Docker socket, or there is none, so nothing could be tried. Pull one that is not on the list:',
    undecided: 'It could not be tried: {{message}}',
    'not-running': 'It can be tried when Lockkeeper runs.',
  },
  'raw-sockets': {
    title: 'Containers past Lockkeeper',
    none: 'No container holds the engine’s own socket.',
    running:
      'These containers command the engine past Lockkeeper: {{names}}. Remove them, and create them again through Lockkeeper:',
    stopped:
      'These containers hold the engine’s own socket, and do not run: {{names}}. Through Lockkeeper they do not start; the engine may start them by itself. Remove them:',
    doubtful:
      'What these containers mount could not be looked at, so they may hold the engine’s own socket: {{names}}.',
    unknown: 'The engine could not be asked: {{problem}}',
  },
  'docker-group': {
    title: 'Who can open the engine’s socket',
    private: '{{socket}} can be opened by {{owner}} only.',
    group:
      'Members of the group {{group}} ({{members}}) can open {{socket}} past Lockkeeper. Containers cannot; these people and their programs can.',
    everybody: 'Everybody on this machine can open {{socket}} past Lockkeeper. Take that right away:',
    'not-local': 'The engine is not reached through a socket file, so its rights cannot be looked at.',
    'no-file': 'There is no socket at {{socket}} to look at.',
  },
  'engine-on-tcp': {
    title: 'Engine on TCP',
    closed: 'No engine listens on TCP port 2375 of this machine.',
    open: 'An engine answers at {{address}} to everybody, without a password: every container that reaches this machine commands it. Take the “tcp://” host out of the engine’s configuration (/etc/docker/daemon.json, or dockerd -H), and restart it.',
  },
  'docker-host': {
    title: 'DOCKER_HOST and DOCKER_CONTEXT',
    unset: 'Neither is set where this was asked; the selected context decides.',
    ours: 'DOCKER_HOST leads to Lockkeeper.',
    other:
      'DOCKER_HOST is {{value}}, which goes past Lockkeeper and beats every context. Take it out of your shell’s start-up file.',
    'context-ours': 'DOCKER_CONTEXT is {{context}}, which leads to Lockkeeper.',
    context:
      'DOCKER_CONTEXT is {{context}}, which goes past Lockkeeper ({{endpoint}}) and beats the selected context. Take it out of your shell’s start-up file.',
  },
  testcontainers: {
    title: 'Testcontainers',
    clear: 'Nothing in ~/.testcontainers.properties or the environment leads Testcontainers past Lockkeeper.',
    unused:
      'Testcontainers has left no settings here. Should you use it: it follows no Docker context, so tell it where Lockkeeper is:',
    default:
      'Testcontainers follows no Docker context, and ~/.testcontainers.properties does not say where Lockkeeper is: without DOCKER_HOST it takes the engine’s own socket. Tell it:',
    other:
      '{{name}} is {{value}}, which leads Testcontainers past Lockkeeper. Remove it, or set docker.host to {{wanted}}.',
    'not-a-socket':
      '{{name}} is {{value}}, which is no Docker socket: Testcontainers mounts that into Ryuk, which then cannot clean up. Remove it.',
  },
  limits: {
    title: 'Limits',
    within: 'No client has wanted more than one may have since Lockkeeper started.',
    reached:
      'Since Lockkeeper started, {{gaveWay}} connections were closed to make room for others, {{turnedAway}} were turned away, and {{tooLarge}} requests were too large. Under Activity, alarms name the socket, and blocked requests who sent them. If that is no attack, raise “lockkeeper.limits” in the settings file.',
    'not-running': 'Without a Lockkeeper that runs, there is nothing to count.',
  },
  versions: {
    title: 'Versions',
    known: 'Lockkeeper {{version}} is tested with engines like this one: {{engine}}.',
    old: 'Engine {{engine}} is older than the oldest that Lockkeeper is tested with ({{oldest}}).',
    newer:
      'Engine {{engine}} is newer than the newest that Lockkeeper is tested with ({{newest}}). Operations that it does not know are refused on filtered sockets.',
    unknown: 'The engine’s version is not known while it cannot be reached.',
  },
};
