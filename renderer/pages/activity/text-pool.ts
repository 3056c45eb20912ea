/** Gives back the string that was given first for the same text, so that the others need not be kept. */
export type TextPool = (text: string) => string;

/** A pool that begins anew when it has so many texts: it must not grow with what peers invent. */
export function textPool(most: number): TextPool {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    if (known.size >= most) known.clear();
    known.set(text, text);
    return text;
  };
}
