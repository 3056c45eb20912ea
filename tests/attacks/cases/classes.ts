import type { AttackClass } from '../attack.ts';
import { binds } from './binds.ts';
import { build } from './build.ts';
import { commands } from './commands.ts';
import { engine } from './engine.ts';
import { framing } from './framing.ts';
import { identity } from './identity.ts';
import { json } from './json.ts';
import { legacy } from './legacy.ts';
import { namespaces } from './namespaces.ts';
import { options } from './options.ts';
import { others } from './others.ts';
import { paths } from './paths.ts';
import { podman } from './podman.ts';
import { restarts } from './restarts.ts';
import { socket } from './socket.ts';
import { upgrade } from './upgrade.ts';
import { volumes } from './volumes.ts';

export const classes: readonly AttackClass[] = [
  socket,
  volumes,
  json,
  paths,
  framing,
  upgrade,
  commands,
  options,
  namespaces,
  binds,
  others,
  build,
  engine,
  restarts,
  identity,
  legacy,
  podman,
];
