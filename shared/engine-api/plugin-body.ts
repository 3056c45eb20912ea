import type { JsonArray } from '../json/json-node.ts';
import { field, objects, type Reading, reading, strings, text } from './body-fields.ts';

/** The host paths among the privileges that a plugin is installed with (`POST /plugins/pull`, `/upgrade`). */
export function readPrivilegeMounts(body: JsonArray): Reading<readonly string[]> {
  return reading(() =>
    objects(body, 'the privileges')
      .filter((privilege) => text(privilege, 'Name') === 'mount')
      .flatMap((privilege) => strings(field(privilege, 'Value', 'array'), 'Value')),
  );
}

/** The mount sources among plugin settings: `["data.source=/srv"]` (`POST /plugins/{name}/set`). */
export function readSettingMounts(body: JsonArray): Reading<readonly string[]> {
  return reading(() =>
    strings(body, 'the settings').flatMap((setting) => {
      const value = /^[^=]*\.source=(.*)$/s.exec(setting)?.[1];
      return value === undefined ? [] : [value];
    }),
  );
}
