import { describe, expect, it } from 'vitest';
import { notLeftQuestion, quitQuestion } from '../../../../../main/desktop/quit/question.ts';
import { textsIn } from '../../../../../main/desktop/texts.ts';
import { languages } from '../../../../../shared/texts/catalogues.ts';

const t = textsIn('en');
const ryuk = { image: 'docker.io/testcontainers/ryuk:0.9' };
const context = { name: 'lockkeeper', before: 'my_desktop' };
const choices = (question: ReturnType<typeof quitQuestion>) => question?.buttons.map(({ choice }) => choice);

describe('quitting', () => {
  it('asks nothing where nothing would stop working', () => {
    expect(quitQuestion({ holders: [] }, t)).toBeUndefined();
  });

  it('says whose sockets stop answering', () => {
    const question = quitQuestion({ holders: [ryuk, ryuk, { image: 'docker:cli' }] }, t);
    expect(question?.detail).toBe(
      [
        'Until it runs again, the Docker sockets of 3 containers do not answer (docker.io/testcontainers/ryuk:0.9, docker:cli).',
        'Nothing passes unfiltered meanwhile.',
      ].join('\n\n'),
    );
    expect(choices(question)).toEqual(['quit', 'stay']);
    expect(quitQuestion({ holders: [ryuk] }, t)?.detail).toContain('the Docker socket of 1 container does not answer');
  });

  it('names a few images only, and those in one line of bounded length', () => {
    const holders = ['a', 'b\nc', 'd'.repeat(300), 'e'].map((image) => ({ image }));
    const [first = ''] = quitQuestion({ holders }, t)?.detail.split('\n\n') ?? [];
    expect(first).toContain('4 containers');
    expect(first).toMatch(/\(a, b\S*c, d{79}…, …\)\.$/);
  });

  it('offers to set the docker context back, first', () => {
    const question = quitQuestion({ holders: [], context }, t);
    expect(question?.detail).toContain('the context “lockkeeper” is selected');
    expect(question?.buttons.map(({ label }) => label)).toEqual([
      'Set the context back to “my_desktop” and quit',
      'Quit',
      'Stay',
    ]);
    expect(choices(question)).toEqual(['leave-context', 'quit', 'stay']);
  });

  it('says what came of that, and the way by hand', () => {
    const { detail, buttons } = notLeftQuestion('permission denied', 'my_desktop', t);
    expect(detail).toBe('permission denied\n\nTo set it back in a terminal: docker context use my_desktop');
    expect(buttons.map(({ choice }) => choice)).toEqual(['quit', 'stay']);
  });

  it.each(languages)('is said in %s', (language) => {
    const question = quitQuestion({ holders: [ryuk], context }, textsIn(language));
    expect(JSON.stringify(question)).not.toMatch(/desktop\.quit|\{\{/);
  });
});
