/** What the desktop app says outside of its pages. */
export const desktop = {
  notStarted: {
    title: 'Lockkeeper has not started',
    consequence: 'Docker’s tools that are set to use Lockkeeper get no answer until it runs.',
    again: 'Put that right, and start Lockkeeper again: this window then goes on by itself.',
    ended: 'Lockkeeper has stopped',
  },
  tray: {
    stopped: 'Lockkeeper does not run',
    problems_one: '{{count}} problem …',
    problems_other: '{{count}} problems …',
    lastBlocked: 'Blocked last:',
    open: 'Open Lockkeeper',
    copyHost: 'Copy DOCKER_HOST',
    refresh_one: 'Refresh {{count}} stale image',
    refresh_other: 'Refresh {{count}} stale images',
    policyFile: 'Show the policy file',
    quit: 'Quit Lockkeeper',
  },
  notice: {
    title: 'Blocked by Lockkeeper',
    many_one: '{{count}} request blocked in the last minute',
    many_other: '{{count}} requests blocked in the last minute',
    manyBy_one: '{{count}} request blocked in the last minute by {{who}}',
    manyBy_other: '{{count}} requests blocked in the last minute by {{who}}',
  },
};
