import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLine } from '../../../../shared/docker-line/split-line.ts';

const words = (line: string) => {
  const split = splitLine(line);
  return split.ok ? split.words : split.problem;
};

describe('splitLine', () => {
  it.each([
    ['docker ps -a', ['docker', 'ps', '-a']],
    ['  docker\tps \n', ['docker', 'ps']],
    ["docker run -e 'A=b c' alpine", ['docker', 'run', '-e', 'A=b c', 'alpine']],
    ['docker run -e "A=b \\"c\\" \\d" alpine', ['docker', 'run', '-e', 'A=b "c" \\d', 'alpine']],
    ['docker run \\\n  --rm alpine', ['docker', 'run', '--rm', 'alpine']],
    ["docker run --name='' a\\ b", ['docker', 'run', '--name=', 'a b']],
    ['docker run "" alpine', ['docker', 'run', '', 'alpine']],
    ["docker exec a sh -c 'echo $HOME | cat'", ['docker', 'exec', 'a', 'sh', '-c', 'echo $HOME | cat']],
    ['', []],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ['docker run -v $PWD:/work alpine', '"$PWD" is for a shell'],
    [`docker run -v "\${HOME}/x:/x" alpine`, `"\${HOME}" is for a shell`],
    ['docker rm $(docker ps -q)', '"$(" is for a shell'],
    ['docker rm `docker ps -q`', '"`" is for a shell'],
    ['docker ps | grep x', 'leave out what begins with "|"'],
    ['docker ps && reboot', 'leave out what begins with "&"'],
    ['docker ps > file', 'leave out what begins with ">"'],
    ['docker ps\ndocker rm a', 'end a line with \\'],
    ['docker run \\', 'nothing follows the backslash'],
    ['docker run "alpine', 'the quote " is not closed'],
    ["docker run 'alpine", "the quote ' is not closed"],
  ])('%j is a problem', (line, problem) => {
    expect(words(line)).toContain(problem);
  });

  it('splits as a shell does, whatever it takes', () => {
    const pieces = fc.constantFrom('a', 'B', '-', '=', '/', ' ', '\t', '"', "'", '\\', '\\\n');
    const line = fc.string({ unit: pieces, maxLength: 20 });
    fc.assert(
      fc.property(line, (text) => {
        const split = splitLine(text);
        // What a backslash at the end means is not specified.
        fc.pre(split.ok && !text.trim().endsWith('\\'));
        if (!split.ok) return;
        const script = `for word in ${text.trim()}\ndo printf '%s\\0' "$word"; done`;
        const printed = execFileSync('sh', ['-f', '-c', script], { encoding: 'utf8' });
        expect(split.words).toEqual(printed.split('\0').slice(0, -1));
      }),
      { numRuns: 300 },
    );
  });
});
