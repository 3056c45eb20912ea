import type { Channel } from '../control/channel.ts';

/** What the command line says about the service; what is absent has its default. */
export interface ServeOptions {
  /** The engine's endpoint: `unix:///var/run/docker.sock`, a path, `npipe://…` or `tcp://…`. */
  readonly engine?: string;
  /** Path of the host gate's socket. */
  readonly hostGate?: string;
  /** A settings file that stands in for the administrator's. */
  readonly settings?: string;
  /** The state folder. */
  readonly state?: string;
  /** Paths of filtered sockets for tools that are not containers. */
  readonly standingSockets: readonly string[];
  /** Port on 127.0.0.1 on which the window is served to browsers; 0 takes any free one. Absent: it is not. */
  readonly dashboard?: number;
}

/** What the service says of itself when it is ready. */
export interface Greeting {
  /** `lockkeeper: ready …`, true when it is handed out: every listener accepts. */
  readonly readyLine: string;
  /** Where the window is, for whoever may open it; absent when none is served. */
  readonly windowLine?: string;
  /** What is wrong or doubtful about the settings and the state folder at the start, each with its remedy. */
  readonly remarks: readonly string[];
}

/** Lockkeeper while it runs. */
export interface Service extends Greeting {
  /** Serves the contract to one more client, over whatever carries it. */
  readonly serve: (channel: Channel) => void;
  /** Stops accepting, ends what is open and writes what is pending; resolves when all is closed. */
  stop(): Promise<void>;
  /** Resolves when the service has stopped; rejects when it could not go on. */
  readonly stopped: Promise<void>;
}

/** Why the service could not start, in a sentence for people that names the thing and the remedy. */
export class StartFailure extends Error {
  readonly kind: 'failed' | 'another-instance' | 'usage';

  constructor(kind: StartFailure['kind'], message: string) {
    super(message);
    this.name = 'StartFailure';
    this.kind = kind;
  }
}
