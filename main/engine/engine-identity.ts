/** The ID of a key, as engines up to 24 have it. An upgrade past that gives the engine an ID of another form. */
const KEY_ID = /^(?:[A-Z2-7]{4}:){11}[A-Z2-7]{4}$/;

/** Whether an engine with the ID `now` is another one than `before`, or one that has lost its data. */
export function isOtherEngine(before: string, now: string): boolean {
  if (before === now) return false;
  return !KEY_ID.test(before) || KEY_ID.test(now);
}
