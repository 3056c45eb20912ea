import { activity } from './activity.ts';
import { allowList } from './allow-list.ts';
import { commands } from './commands.ts';
import { containers } from './containers.ts';
import { desktop } from './desktop.ts';
import { firstRun } from './first-run.ts';
import { policy } from './policy.ts';
import { reasons } from './reasons.ts';
import { setUp } from './set-up.ts';
import { troubles } from './troubles.ts';
import { tryIt } from './try-it.ts';

/** English. Placeholders are i18next's: `{{name}}`; `_one` and `_other` are plural forms. */
export const en = {
  pages: {
    activity: 'Activity',
    'allow-list': 'Allow list',
    commands: 'Commands',
    'try-it': 'Try it',
    policy: 'Policy',
    containers: 'Containers',
    'set-up': 'Set up',
    'first-run': 'First run',
  },
  attention: {
    blocked_one: '{{count}} blocked',
    blocked_other: '{{count}} blocked',
    past_one: '{{count}} unfiltered',
    past_other: '{{count}} unfiltered',
    setUp_one: '{{count}} problem',
    setUp_other: '{{count}} problems',
  },
  header: {
    enforcing: 'Enforcing',
    observing: 'Observing: nothing is blocked',
    observingUntil: 'Observing until {{time}}: nothing is blocked',
    enforceAgain: 'Enforce again',
    'not-enforced': 'Not enforced: everything passes',
    closed: 'No usable policy: every Docker socket in a container is refused',
    exceptions_one: '{{count}} exception',
    exceptions_other: '{{count}} exceptions',
    blockedToday_one: '{{count}} blocked today',
    blockedToday_other: '{{count}} blocked today',
    engine: 'engine {{version}} ({{detail}})',
    engineUnreachable: 'engine unreachable',
    lockedBy: 'policy locked by {{file}}',
    connecting: 'Connecting to Lockkeeper …',
    lost: 'Lockkeeper does not answer. It was stopped, or is starting again; this page tries again by itself.',
    refused: 'This page may not ask Lockkeeper any more. Run “lockkeeper dashboard” and open the link that it prints.',
    problems: 'Problems',
    rawHolders_one: '{{count}} container commands the engine past Lockkeeper',
    rawHolders_other: '{{count}} containers command the engine past Lockkeeper',
    seeContainers: 'See which, and what to do',
    engineOpen: 'Everybody on this machine can reach the engine past Lockkeeper',
    seeSetUp: 'See how, and what to do',
  },
  settings: {
    label: 'Preferences',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    languages: { system: 'As the system', en: 'English', 'zh-CN': '简体中文' },
    start: 'Start',
    starts: { atLogin: 'Start at login', minimised: 'Start without the window' },
    notDone: 'That was not done: {{problem}}',
  },
  activity,
  allowList,
  commands,
  containers,
  setUp,
  desktop,
  troubles,
  tryIt,
  policy,
  firstRun,
  reasons,
  common: {
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Not copied: the browser refused',
    close: 'Close',
    loading: 'Loading …',
    tryAgain: 'Try again',
    sameLines_one: '{{count}} line as before',
    sameLines_other: '{{count}} lines as before',
  },
};
