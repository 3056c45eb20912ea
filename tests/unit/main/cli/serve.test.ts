import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./serving-process.ts', import.meta.url));

let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

interface Running {
  readonly process: ChildProcess;
  readonly firstLine: Promise<string>;
  readonly complaint: Promise<string>;
  readonly end: Promise<{ code: number | null; complaints: string }>;
}

function start(behaviour: string, form = 'text'): Running {
  const started = spawn(process.execPath, ['--import', 'tsx', program, behaviour, form], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let complaints = '';
  const complaint = new Promise<string>((resolve) => {
    started.stderr.on('data', (data) => {
      complaints += String(data);
      resolve(complaints);
    });
  });
  const firstLine = once(createInterface({ input: started.stdout }), 'line').then(([line]) => String(line));
  const end = once(started, 'close').then(([code]) => ({ code: code as number | null, complaints }));
  return { process: started, firstLine, complaint, end };
}

describe('lockkeeper serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one ready line and stops cleanly at %s', async (signal) => {
    const running = start('runs');
    expect(await running.firstLine).toBe('lockkeeper: ready here');
    running.process.kill(signal);
    expect(await running.end).toEqual({ code: 0, complaints: 'stopped cleanly\n' });
  });

  it('ends at once at the second signal', async () => {
    const running = start('hangs');
    await running.firstLine;
    running.process.kill('SIGTERM');
    await running.complaint;
    running.process.kill('SIGTERM');
    expect((await running.end).code).toBe(143);
  });

  it.each([
    ['failed', 1],
    ['usage', 2],
    ['another-instance', 4],
  ])('says in one line why it cannot start: %s', async (behaviour, code) => {
    expect(await start(behaviour).end).toEqual({ code, complaints: `lockkeeper: ${behaviour}: the remedy\n` });
  });

  it('says everything as JSON with --json', async () => {
    const running = start('doubts', 'json');
    expect(JSON.parse(await running.firstLine)).toEqual({ ready: { message: 'lockkeeper: ready here' } });
    running.process.kill('SIGTERM');
    expect(JSON.parse((await running.end).complaints.replace('stopped cleanly\n', ''))).toEqual({
      warning: { message: 'the settings are doubtful' },
    });
    const { code, complaints } = await start('another-instance', 'json').end;
    expect({ code, ...JSON.parse(complaints) }).toEqual({
      code: 4,
      error: { name: 'another-instance', message: 'another-instance: the remedy' },
    });
    expect(JSON.parse((await start('breaks', 'json').end).complaints)).toMatchObject({ error: { name: 'failed' } });
  });

  it('fails when the service cannot go on', async () => {
    expect(await start('breaks').end).toEqual({ code: 1, complaints: 'lockkeeper: stopped: the socket went away\n' });
  });

  it('goes on when nobody reads its output any more', async () => {
    const running = start('runs');
    await running.firstLine;
    running.process.stdout?.destroy();
    await running.complaint;
    running.process.kill('SIGTERM');
    expect(await running.end).toEqual({ code: 0, complaints: 'unread\nstopped cleanly\n' });
  });
});
