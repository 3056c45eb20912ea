import { resolve } from 'node:path';
import type { SettingsRemark } from '../../shared/policy/policy.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { printable, say } from './output.ts';

/** `lockkeeper validate FILE`: what the service would say about a settings file, before it is put in place. */
export async function validate(file: string, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { validateFile } = await import('../settings/validate.ts');
  const path = resolve(file);
  const { problems, warnings } = await validateFile(path);
  const valid = problems.length === 0;
  if (options.json === true) {
    say(JSON.stringify({ file: path, valid, problems, warnings }, null, 2));
  } else {
    for (const remark of problems) {
      say(remarkLine('error', remark));
    }
    for (const remark of warnings) {
      say(remarkLine('warning', remark));
    }
    say(
      `${printable(path)}: ${valid ? 'valid' : 'invalid'}${counted(problems.length, 'error')}${counted(warnings.length, 'warning')}`,
    );
  }
  return valid ? exitCodes.ok.code : exitCodes.failed.code;
}

/** `file:line:column: error: text`, which editors and CI systems know how to jump to. */
function remarkLine(kind: 'error' | 'warning', remark: SettingsRemark): string {
  const place = [remark.file, remark.line, remark.column].filter((part) => part !== undefined).join(':');
  return printable(`${place}: ${kind}: ${remark.text}`);
}

function counted(number: number, noun: string): string {
  return number === 0 ? '' : `, ${number} ${noun}${number === 1 ? '' : 's'}`;
}
