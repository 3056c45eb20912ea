import { request } from '../../lab/lab.ts';

/** Removes every container, volume and network of an engine, its build cache, and all images but those named. */
export async function emptyEngine(socket: string, keep: readonly string[]): Promise<void> {
  const ask = async (method: string, path: string) => {
    const { status, body } = await request(socket, `/v1.41${path}`, { method });
    if (status >= 400) throw new Error(`${method} ${path} was answered with ${status}: ${body}`);
    return body;
  };
  const containers = JSON.parse(await ask('GET', '/containers/json?all=1')) as readonly { Id: string }[];
  for (const { Id } of containers) await ask('DELETE', `/containers/${Id}?force=1&v=1`);
  await ask('POST', '/volumes/prune');
  await ask('POST', '/networks/prune');
  await ask('POST', '/build/prune?all=1');
  const images = JSON.parse(await ask('GET', '/images/json')) as readonly { Id: string; RepoTags: string[] | null }[];
  for (const { Id, RepoTags } of images) {
    const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
    for (const tag of tags.filter((name) => !keep.includes(name))) await ask('DELETE', `/images/${tag}?force=1`);
    if (tags.length === 0) await ask('DELETE', `/images/${Id}?force=1`);
  }
}
