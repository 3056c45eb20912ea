import { describe, expect, it } from 'vitest';
import { ownWords, readCommandLine } from '../../../../main/desktop/command-line.ts';

describe('the command line of the desktop app', () => {
  it('has the options of the service, and one of its own', () => {
    expect(readCommandLine([])).toEqual({ kind: 'start', options: { standingSockets: [] }, isHidden: false });
    const words = [
      '--state',
      '/s',
      '--standing-socket',
      '/a',
      '--standing-socket',
      '/b',
      '--dashboard',
      '0',
      '--hidden',
    ];
    const options = { state: '/s', standingSockets: ['/a', '/b'], dashboard: 0 };
    expect(readCommandLine(words)).toEqual({ kind: 'start', options, isHidden: true });
  });

  it("leaves Chromium's switches to Chromium", () => {
    const read = readCommandLine(['--disable-gpu', '--lang=de', '--state', '/s', '--ozone-platform-hint=auto']);
    expect(read).toMatchObject({ kind: 'start', options: { state: '/s' } });
  });

  it.each([
    [['--dashboard', '70000'], true, '0 to 65535'],
    [['--state'], true, 'argument missing'],
    [['--help'], false, '--host-gate'],
  ])('is answered in words: %j', (words, isWrong, text) => {
    const read = readCommandLine(words);
    expect(read).toMatchObject({ kind: 'said', isWrong });
    expect(read.kind === 'said' && read.text).toContain(text);
  });

  it.each([
    [['/opt/lockkeeper', '--hidden'], false, ['--hidden']],
    [['/electron', '--disable-gpu', '/checkout', '--hidden'], true, ['--hidden']],
    [['/electron', '/checkout'], true, []],
  ])('begins behind the program: %j', (argv, isFromSource, words) =>
    expect(ownWords(argv, isFromSource)).toEqual(words),
  );
});
