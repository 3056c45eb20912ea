import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ServeOptions } from '../service/service-options.ts';
import { collect, portNumber } from './option-values.ts';
import { ownPaths } from './running.ts';

/** The options of the service as commander hands them out. */
export interface ServeWords extends Omit<ServeOptions, 'standingSockets'> {
  readonly standingSocket?: readonly string[];
}

/** What can be said about the service: `lockkeeper serve` and the desktop app take the same. */
export function addServeOptions(command: Command): Command {
  const { state, hostGate } = ownPaths();
  return command
    .option('--engine <url>', "the engine's endpoint (default: the one that Docker's tools would use)")
    .option('--host-gate <path>', `socket for Docker's tools on this host (default: ${hostGate})`)
    .option('--settings <file>', "settings file in place of the administrator's; refused while a locked one exists")
    .option('--state <dir>', `folder for state, journal and the sockets of containers (default: ${state})`)
    .option('--standing-socket <path>', 'a filtered socket for a tool that is no container; may be repeated', collect)
    .option(
      '--dashboard <port>',
      'serve the window to browsers on 127.0.0.1 at this port (0: any free one)',
      portNumber,
    );
}

export function serveOptions(words: ServeWords) {
  const { engine, hostGate, settings, state, dashboard, standingSocket = [] } = words;
  const options: ServeOptions = {
    standingSockets: standingSocket,
    ...(engine !== undefined && { engine }),
    ...(hostGate !== undefined && { hostGate }),
    ...(settings !== undefined && { settings }),
    ...(state !== undefined && { state }),
    ...(dashboard !== undefined && { dashboard }),
  };
  return options;
}

/** The options as words of a command line, which mean the same in whatever folder they are read. */
export function wordsOfOptions(options: ServeOptions) {
  const { engine, hostGate, settings, state, dashboard, standingSockets } = options;
  const named = [
    ['--engine', engine],
    ['--host-gate', hostGate && resolve(hostGate)],
    ['--settings', settings && resolve(settings)],
    ['--state', state && resolve(state)],
    ['--dashboard', dashboard?.toString()],
    ...standingSockets.map((path) => ['--standing-socket', resolve(path)] as const),
  ] as const;
  return named.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
