/**
 * Flags by command (canonical name; groups and docker itself, '', have flags too), as the help of docker CLI 28.5,
 * buildx 0.29 and compose 2.40 lists them, with the few that it hides. `name=` takes a value, `name` does not, and
 * `n,name` has a short form.
 */
export type FlagTable = Readonly<Record<string, string>>;
