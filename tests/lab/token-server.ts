import { randomUUID, sign, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Certificate } from './certificates.ts';

/** Who may have tokens: by password, or by an identity token that an earlier login left. */
export interface TokenAccount {
  readonly username: string;
  readonly password: string;
  readonly identityToken: string;
}

export interface TokenServer {
  /** Answers `GET` and `POST /token` (distribution's token and OAuth2 specifications). */
  answer(request: IncomingMessage, response: ServerResponse): void;
}

const TOKEN_SECONDS = 60;

/** Gives tokens for what is asked, to its one account; others get one that allows nothing, as anonymous users do. */
export function tokenServer(issuer: string, signer: Certificate, account: TokenAccount): TokenServer {
  return {
    answer(request, response) {
      const url = new URL(request.url ?? '/', `https://${issuer}`);
      readAll(request, (body) => {
        const form = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
        const known = isKnown(account, request.headers.authorization, form);
        if (known === 'refused') {
          response.writeHead(401, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong credentials' }] }));
          return;
        }
        const scopes = known === 'account' ? form.getAll('scope').flatMap((text) => text.split(' ')) : [];
        const token = tokenOf(issuer, form.get('service') ?? '', account.username, scopes, signer);
        const isLogin = form.get('grant_type') === 'password' || form.get('offline_token') === 'true';
        const identity = isLogin && known === 'account' ? { refresh_token: account.identityToken } : {};
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ token, access_token: token, expires_in: TOKEN_SECONDS, ...identity }));
      });
    },
  };
}

function isKnown(
  { username, password, identityToken }: TokenAccount,
  authorization: string | undefined,
  form: URLSearchParams,
): 'account' | 'anonymous' | 'refused' {
  if (form.get('grant_type') === 'refresh_token') {
    return form.get('refresh_token') === identityToken ? 'account' : 'refused';
  }
  const pair =
    form.get('grant_type') === 'password'
      ? `${form.get('username')}:${form.get('password')}`
      : Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
  if (pair === '') return 'anonymous';
  return pair === `${username}:${password}` ? 'account' : 'refused';
}

/** A JSON Web Token (RFC 7519) with the signer's certificate in its head, by which the registry knows the key. */
function tokenOf(issuer: string, service: string, subject: string, scopes: readonly string[], signer: Certificate) {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.flatMap((scope) => {
    const [type = '', name = '', actions = ''] = scope.split(':');
    return type === 'repository' ? [{ type, name, actions: actions.split(',') }] : [];
  });
  const times = { nbf: now - 10, iat: now, exp: now + TOKEN_SECONDS };
  const claims = { iss: issuer, sub: subject, aud: service, jti: randomUUID(), access, ...times };
  const head = { typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(signer.cert).raw.toString('base64')] };
  const content = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(content), { key: signer.key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

function readAll(request: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  request.on('data', (text: Buffer) => {
    body += text.toString();
  });
  request.on('end', () => done(body));
}
