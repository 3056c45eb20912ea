/**
 * Wildcards in repository paths, with the meaning they have in `.dockerignore`: `*` is any number of characters within
 * one component, `**` (always a whole component) any number of components; at the end of a pattern it stands for at
 * least one, so that `tools/**` is what lies below `tools`.
 *
 * A pattern becomes the states of a finite automaton that is run on all its states at once. Each character of a name
 * is read once and takes at most one step per state: no pattern can be slow (there is no backtracking to provoke).
 */
export interface PathGlob {
  /** One token per state: a UTF-16 code unit, or one of the wildcards below. */
  readonly tokens: readonly number[];
}

/** What of a string the matcher uses. */
export interface CharacterSource {
  readonly length: number;
  charCodeAt(index: number): number;
}

const withinComponent = -1;
/** `**` together with the slash behind it. */
const anyComponents = -2;
/** `**` at the end of the pattern. */
const anyRest = -3;
const slash = 47;

/** Compiles a pattern; any text is a pattern, its validity as a repository path is not looked at here. */
export function compilePathGlob(pattern: string): PathGlob {
  const components = pattern.split('/');
  const last = components.length - 1;
  const tokens: number[] = [];
  for (const [place, component] of components.entries()) {
    if (component !== '**') {
      tokens.push(...componentTokens(component));
      if (place < last) tokens.push(slash);
    } else if (components[place + 1] !== '**') {
      // Of several in a row only the last counts: the states that one step can enter stay few.
      tokens.push(place < last ? anyComponents : anyRest);
    }
  }
  return { tokens };
}

function componentTokens(component: string): number[] {
  const tokens: number[] = [];
  for (let at = 0; at < component.length; at++) {
    tokens.push(component[at] === '*' ? withinComponent : component.charCodeAt(at));
  }
  return tokens;
}

/** Whether the whole path fits the pattern. The path is a valid one: no component of it is empty. */
export function matchesPathGlob(glob: PathGlob, path: CharacterSource): boolean {
  const { tokens } = glob;
  let active = new Set<number>();
  enter(tokens, 0, active);
  for (let at = 0; at < path.length && active.size > 0; at++) {
    const next = new Set<number>();
    const character = path.charCodeAt(at);
    for (const state of active) step(tokens, state, character, next);
    active = next;
  }
  return active.has(tokens.length);
}

/** Adds a state and those that are reached from it without a character, since two of the wildcards may be empty. */
function enter(tokens: readonly number[], state: number, into: Set<number>): void {
  into.add(state);
  for (let at = state; tokens[at] === withinComponent || tokens[at] === anyComponents; at++) into.add(at + 1);
}

function step(tokens: readonly number[], state: number, character: number, into: Set<number>): void {
  const token = tokens[state];
  if (token === character) {
    enter(tokens, state + 1, into);
  } else if (token === withinComponent) {
    if (character !== slash) enter(tokens, state, into);
  } else if (token === anyComponents) {
    // What follows may begin at a component's start only, so it is not entered before the slash.
    into.add(state);
    if (character === slash) enter(tokens, state + 1, into);
  } else if (token === anyRest) {
    into.add(state);
    into.add(state + 1);
  }
}
