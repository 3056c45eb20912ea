/** Tells whoever listens that something has happened. */
export interface News<About> {
  tell(about: About): void;
  /** Returns what ends the listening. */
  on(listener: (about: About) => void): () => void;
}

export function news<About>(): News<About> {
  const listeners = new Set<(about: About) => void>();
  return {
    tell(about) {
      for (const listener of listeners) listener(about);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
