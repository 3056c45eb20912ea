/** The system's own list of what is started at login; it decides, and not what was chosen once. */
export interface StartAtLogin {
  /** Whether this very app is on it. */
  isOn(): Promise<boolean>;
  /** Puts the app on it, or takes it off; words say what went wrong, with the remedy. */
  set(isOn: boolean): Promise<string | undefined>;
}

/** What the service runs in, as far as those who look at it are offered something by it. */
export interface Shell {
  /** Whether it opens a window of its own when it starts. */
  readonly opensWindow: boolean;
  /** Absent where it cannot be started at login by itself. */
  readonly atLogin?: StartAtLogin | undefined;
}

/** `lockkeeper serve`: whoever runs it decides when. */
export const headless: Shell = { opensWindow: false };
