import type { Pin } from '../../shared/ipc/pin.ts';
import type { ControlClient } from '../control/client.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, complainError, printable, say } from './output.ts';
import { type JsonOption, type StateOption, withRunning } from './running.ts';

/** A registry may take 10 s for each of an image's names. */
const PATIENCE_MS = 90_000;

/** `lockkeeper pin`: the entries on standard output, to be pasted; where each belongs, on standard error. */
export async function pin(images: readonly string[], options: StateOption & JsonOption): Promise<ExitCode> {
  return withRunning(options, (client) => pinThrough(client, images, options.json === true), PATIENCE_MS);
}

async function pinThrough(client: ControlClient, images: readonly string[], json: boolean): Promise<ExitCode> {
  const pins: Pin[] = [];
  for (const image of images) {
    const answer = await client.request('pinImage', { image });
    if (!answer.ok) {
      complainError(answer.error, json);
      return exitCodes.failed.code;
    }
    pins.push(answer.value);
    if (!json) tell(answer.value);
  }
  if (json) say(JSON.stringify(pins, null, 2));
  return pins.some(({ kind }) => kind === 'impossible') ? exitCodes.failed.code : exitCodes.ok.code;
}

function tell(found: Pin): void {
  if (found.kind === 'impossible') {
    complain(`${found.image}: ${found.problem}`);
    return;
  }
  say(printable(found.entry));
  const place =
    found.kind === 'digest'
      ? 'for imageList.images; its registry has it'
      : `for lockkeeper.localImages, since ${found.why}; built again, it has another ID`;
  console.error(printable(`  ${found.image}: ${place}`));
}
