import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow, SYSTEM_PATH } from './command.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority that nobody knows but those who are given its certificate. */
export interface Authority extends Certificate {
  /** Issues a certificate for names; `days` of validity, which may have ended already. */
  issue(names: readonly string[], validity?: 'now' | 'past'): Promise<Certificate>;
}

/** Node makes keys but no certificates: that is done by OpenSSL. */
export async function certificateAuthority(folder: string, name: string): Promise<Authority> {
  const path = (file: string) => join(folder, `${name}-${file}`);
  const openssl = (...args: string[]) => runOrThrow('openssl', args, { env: SYSTEM_PATH });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const [key, cert] = [path('ca.key'), path('ca.crt')];
  await openssl('req', '-x509', ...newKey, '-keyout', key, '-out', cert, '-days', '30', '-subj', `/CN=${name}`);
  let count = 0;
  return {
    ...read(key, cert),
    async issue(names, validity = 'now') {
      count += 1;
      const [ownKey, request, own, extensions] = ['key', 'csr', 'crt', 'ext'].map((end) => path(`${count}.${end}`)) as [
        string,
        string,
        string,
        string,
      ];
      writeFileSync(extensions, `subjectAltName=${names.map((one) => `DNS:${one}`).join(',')}\n`);
      await openssl('req', ...newKey, '-keyout', ownKey, '-out', request, '-subj', `/CN=${names[0]}`);
      const from = ['-in', request, '-CA', cert, '-CAkey', key, '-CAcreateserial', '-extfile', extensions];
      await openssl('x509', '-req', ...from, '-out', own, '-days', validity === 'now' ? '30' : '-1');
      return read(ownKey, own);
    },
  };
}

function read(key: string, cert: string): Certificate {
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
