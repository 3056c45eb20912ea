/** A container as a refresh looks at it. */
export interface ImageUser {
  readonly id: string;
  readonly name: string;
  /** The engine's word: `running`, `exited`, `created`. */
  readonly state: string;
  readonly isRunning: boolean;
}

/** One line of a pull's progress (moby pkg/jsonmessage). */
export interface PullLine {
  /** The layer; absent for lines about the whole pull. */
  readonly id?: string;
  readonly status: string;
  readonly current?: number;
  readonly total?: number;
}

/** What a refresh asks of the engine and of registries. Everything may reject, with a message for people. */
export interface EngineImages {
  image(
    name: string,
  ): Promise<
    { readonly id: string; readonly tags: readonly string[]; readonly repoDigests: readonly string[] } | undefined
  >;
  /** What the registry has under a name now, past everything that is remembered; the answer is remembered. */
  registryDigest(reference: string): Promise<string>;
  usersOf(imageId: string): Promise<readonly ImageUser[]>;
  pull(reference: string, onLine: (line: PullLine) => void, signal: AbortSignal): Promise<void>;
  removeContainer(id: string): Promise<void>;
  /** Without force: the engine refuses while something uses it. */
  removeImage(id: string): Promise<void>;
}
