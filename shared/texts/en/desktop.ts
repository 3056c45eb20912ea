/** What the desktop app says outside of its pages. */
export const desktop = {
  notStarted: {
    title: 'Lockkeeper has not started',
    consequence: 'Docker’s tools that are set to use Lockkeeper get no answer until it runs.',
    again: 'Put that right, and start Lockkeeper again: this window then goes on by itself.',
    ended: 'Lockkeeper has stopped',
  },
};
