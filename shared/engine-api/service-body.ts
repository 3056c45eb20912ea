import type { JsonObject } from '../json/json-node.ts';
import { field, objects, type Reading, reading } from './body-fields.ts';
import { type MountRequest, readMount } from './create-body.ts';

/** The mounts of a service spec: `POST /services/create` and `/services/{id}/update`. */
export function readServiceMounts(body: JsonObject): Reading<readonly MountRequest[]> {
  return reading(() => {
    const template = field(body, 'TaskTemplate', 'object');
    const container = template && field(template, 'ContainerSpec', 'object');
    const list = container && field(container, 'Mounts', 'array');
    return objects(list, 'Mounts').flatMap((mount) => readMount(mount) ?? []);
  });
}
