import { isOver, type LayerProgress, type RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { complain, printable } from '../output.ts';
import { endLines, layerLine, stageLine } from './text.ts';

/** Where the progress of refreshes is shown. */
export interface ProgressOutput {
  /** All of them as they are now. */
  show(refreshes: readonly RefreshProgress[]): void;
  end(): void;
}

/** On a terminal the layers move in place, elsewhere each news is a line; with `json` nothing is shown. */
export function progressOutput(stream: NodeJS.WriteStream, json: boolean): ProgressOutput {
  if (json) return { show: () => undefined, end: () => undefined };
  return stream.isTTY ? onTerminal(stream) : asLines(stream);
}

/** Each stage and each finished layer is told once, like `docker pull` does when its output is no terminal. */
function asLines(stream: NodeJS.WriteStream): ProgressOutput {
  const told = new Set<string>();
  const once = (key: string, lines: () => readonly string[]) => {
    if (told.has(key)) return;
    told.add(key);
    for (const line of lines()) stream.write(`${printable(line)}\n`);
  };
  return {
    show(refreshes) {
      for (const one of refreshes) {
        for (const layer of one.layers.filter(isLayerDone)) {
          once(`${one.id} ${layer.id}`, () => [`${one.image}: ${layerLine(layer)}`]);
        }
        if (one.stage === 'pulling' || one.stage === 'removing') once(`${one.id} ${one.stage}`, () => [stageLine(one)]);
        else if (one.stage === 'failed') complainOnce(told, one);
        else if (isOver(one)) once(`${one.id} end`, () => endLines(one));
      }
    },
    end: () => undefined,
  };
}

function isLayerDone({ status }: LayerProgress): boolean {
  return status === 'Pull complete' || status === 'Already exists';
}

function complainOnce(told: Set<string>, one: RefreshProgress): void {
  if (told.has(one.id)) return;
  told.add(one.id);
  complain(`${stageLine(one)}: ${one.problem ?? ''}`);
}

/** `CSI n F` and `CSI J` of ECMA-48: up to the beginning of the block, and everything from there on gone. */
function onTerminal(stream: NodeJS.WriteStream): ProgressOutput {
  const told = new Set<string>();
  let height = 0;
  const clear = () => {
    if (height > 0) stream.write(`\u001b[${height}F\u001b[J`);
    height = 0;
  };
  return {
    show(refreshes) {
      clear();
      for (const one of refreshes) {
        if (!isOver(one) || told.has(one.id)) continue;
        if (one.stage === 'failed') complainOnce(told, one);
        else for (const line of endLines(one)) stream.write(`${printable(line)}\n`);
        told.add(one.id);
      }
      const block = refreshes.filter((one) => !isOver(one)).flatMap(blockOf);
      // What does not fit would scroll, and could not be taken back.
      const shown = block.slice(0, Math.max(1, stream.rows - 2)).map((line) => line.slice(0, stream.columns - 1));
      for (const line of shown) stream.write(`${line}\n`);
      height = shown.length;
    },
    end: clear,
  };
}

function blockOf(one: RefreshProgress): readonly string[] {
  return [stageLine(one), ...one.layers.map((layer) => `  ${layerLine(layer)}`)].map(printable);
}
