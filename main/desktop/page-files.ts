import { protocol, type Session } from 'electron';
import { APP_SCHEME } from './bridge/origin.ts';
import { type PageRequest, type PageSource, pageAnswer } from './page-answer.ts';

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
