/** The page with which a window opens as long as nobody has been through it. */
export const firstRun = {
  title: 'Welcome to Lockkeeper',
  intro: 'Four checks say whether the Docker socket is guarded on this machine, and what to do where it is not.',
  skip: 'Skip',
  progress: '{{settled}} of {{total}} done',
  goOn: {
    pass: 'Go on without trying',
    warn: 'Go on',
    fail: 'Go on without it',
    unknown: 'Go on without it',
  },
  now: {
    title: 'What happens now',
    through:
      'The docker command comes through Lockkeeper, which decides by the policy which container may have the Docker socket. Tools that follow no Docker context, such as Testcontainers, are led here by DOCKER_HOST:',
    past: 'Nothing comes through Lockkeeper by itself yet. Lead your Docker clients here by DOCKER_HOST, or select the context “lockkeeper” later, under Set up:',
    shown: 'What is blocked appears under Activity at once, with the reason and what to do about it.',
    toActivity: 'Go to Activity',
  },
};
