import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a runtime that was fetched or unpacked by somebody may have in place of an app. */
const APPS = ['app', 'app.asar', 'app.asar.unpacked', 'default_app.asar'];

/**
 * Takes out of the copied runtime what runs without an app of ours. electron-builder does that for runtimes that it has
 * fetched itself, and not for those that are at hand.
 * @param {import('electron-builder').AfterExtractContext} context
 */
export default async function bareRuntime({ appOutDir, electronPlatformName }) {
  const resources = electronPlatformName === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources';
  const remove = (path) => rm(join(appOutDir, path), { recursive: true, force: true });
  await Promise.all([...APPS.map((name) => remove(join(resources, name))), remove('version')]);
}
