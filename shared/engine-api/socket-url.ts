/** A socket's path as DOCKER_HOST has it: `unix:///run/lockkeeper/docker.sock`, `npipe:////./pipe/lockkeeper_docker`. */
export function socketUrl(path: string): string {
  return path.startsWith('\\\\') ? `npipe://${path.replaceAll('\\', '/')}` : `unix://${path}`;
}
