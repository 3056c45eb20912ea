import { dirname } from 'node:path';
import { protocol, type Session } from 'electron';
import { builtRenderer, loadAssets } from '../window-files/assets.ts';
import { APP_SCHEME } from './bridge/origin.ts';
import { type PageRequest, type PageSource, pageAnswer } from './page-answer.ts';

/** The window as it was built. */
export interface BuiltWindow {
  /** Where all that was built is. */
  readonly dist: string;
  readonly assets: PageSource['assets'];
  /** Paths of its style sheets. */
  readonly styles: readonly string[];
}

/** Rejects where the program was not built with its window. */
export async function loadBuiltWindow(): Promise<BuiltWindow> {
  const built = builtRenderer();
  const files = await loadAssets(built);
  if (!files.ok || built === undefined) throw new Error(files.ok ? 'this is not a bundle' : files.message);
  const styles = [...files.assets.keys()].filter((path) => /^\/assets\/window-[^/]*\.css$/.test(path));
  return { dist: dirname(built), assets: files.assets, styles };
}

/** Gives pages an origin of their own with the rights of https, and none of file:. Before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the window's files under that origin. */
export function servePageFiles(session: Session, source: PageSource): void {
  session.protocol.handle(APP_SCHEME, ({ method, url }: PageRequest) => {
    const { status, headers, body } = pageAnswer({ method, url }, source);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
