import { app } from 'electron';
import packageJson from '../../package.json' with { type: 'json' };
import { exitCodes } from '../cli/exit-codes.ts';
import { complain, say, surviveClosedOutput } from '../cli/output.ts';
import { stateFolder } from '../cli/running.ts';
import { chosenIn } from '../preferences/preferences-file.ts';
import type { ServeOptions } from '../service/service-options.ts';
import { surviveBugs } from '../service/survive-bugs.ts';
import { keepToOurselves } from '../sockets/own-mask.ts';
import { ownWords, readCommandLine } from './command-line.ts';
import { guardPages } from './guards/guards.ts';
import { openApp } from './open-app.ts';
import { registerAppScheme } from './page-files.ts';
import { keepProfileInState } from './profile.ts';
import { isFirstInstance } from './single-instance.ts';

// Here, since the service's thread cannot: a mask is the whole process'.
keepToOurselves();
app.setName(packageJson.productName);
// Windows shows notifications of known apps alone; the name is the one of electron-builder.yml.
app.setAppUserModelId('io.github.lockkeeper');
surviveClosedOutput(() => 'go-on');
surviveBugs((error) => complain(`internal error: ${wordsOf(error)}; please report this`));
const line = readCommandLine(ownWords(process.argv, process.defaultApp === true));
if (line.kind === 'said') {
  process[line.isWrong ? 'stderr' : 'stdout'].write(line.text);
  app.exit(line.isWrong ? exitCodes.usage.code : exitCodes.ok.code);
} else if (app.commandLine.hasSwitch('no-sandbox')) {
  complain('the window is not opened without its sandbox: start it as an ordinary user, without --no-sandbox');
  app.exit(exitCodes.usage.code);
} else {
  start(line.options, line.isHidden);
}

function start(options: ServeOptions, isHidden: boolean): void {
  keepProfileInState(options);
  let startedAgain = () => {};
  if (!isFirstInstance(() => startedAgain())) {
    say('lockkeeper: it runs already, and shows its window');
    app.exit(exitCodes.ok.code);
    return;
  }
  registerAppScheme();
  guardPages();
  // Not awaited: Electron is not ready before this module has been run to its end.
  app
    .whenReady()
    .then(async () => {
      const chosen = await chosenIn(stateFolder(options));
      const opened = await openApp(options, chosen);
      startedAgain = opened.startAgain;
      if (!isHidden && !chosen.startMinimised) opened.show();
    })
    .catch((error: unknown) => {
      complain(`internal error: ${wordsOf(error)}; please report this`);
      app.exit(exitCodes.failed.code);
    });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
