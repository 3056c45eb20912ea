import { type Route, routes } from '../../../shared/engine-api/routes.ts';

const rows: readonly Route[] = routes;

const expressions = rows.map(({ pattern }) => {
  const source = pattern.replace(/[.()]/g, (char, at) => (pattern[at - 1] === ':' ? char : `\\${char}`));
  return new RegExp(`^${source.replace(/\{\w+:([^}]+)\}/g, '($1)').replace(/\{\w+\}/g, '([^/]+)')}$`);
});

/** Go's dot is anything but a line feed; JavaScript's is none of three more line ends, which stand for a letter here. */
const OTHER_LINE_ENDS = /[\r\u2028\u2029]/g;

/** The first of the engine's routes that matches, found as its router does: all of them, one after the other. */
export function firstRoute(method: string, path: string): Route | undefined {
  const subject = path.replace(OTHER_LINE_ENDS, 'x');
  return rows.find((row, index) => row.method === method && expressions[index]?.test(subject));
}
