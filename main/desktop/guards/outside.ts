/** Sites with documentation that our texts may lead to, by their whole host. */
const HOSTS: ReadonlySet<string> = new Set(['docs.docker.com']);

/**
 * Whether an address may be given to the system to open: https on a listed host, on its usual port and without
 * credentials. Other schemes start programs (file:, smb:, ms-msdt:).
 */
export function mayOpenOutside(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'https:' && HOSTS.has(host) && username === '' && password === '';
}
