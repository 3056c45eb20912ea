import { describe, expect, it } from 'vitest';
import { bindDevice } from '../../../../main/sources/volume-device.ts';

describe('the device of a volume', () => {
  it.each([
    [{ type: 'none', o: 'bind', device: '/run' }],
    [{ type: 'none', o: 'ro,rbind', device: '/run' }],
    [{ type: 'none', o: 'ro, Bind ,nosuid', device: '/run' }],
    [{ type: 'nfs', o: 'bind', device: '/run' }],
    [{ type: 'tmpfs', o: 'rbind', device: '/run' }],
    [{ o: 'bind', device: '/run' }],
    [{ type: 'bind', device: '/run' }],
    [{ type: 'none', device: '/run' }],
    [{ type: 'ecryptfs', device: '/run' }],
    [{ type: 'ext4', device: '/run' }],
  ])('is what %j binds', (options) => {
    expect(bindDevice('local', options)).toBe('/run');
  });

  it('is given as it is, since the engine does not clean it', () => {
    expect(bindDevice('local', { o: 'bind', device: 'run/../x' })).toBe('run/../x');
  });

  it.each([
    ['local', {}],
    ['local', { o: 'bind' }],
    ['local', { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' }],
    ['local', { type: 'tmpfs', device: '/run' }],
    ['local', { type: 'nfs', device: ':/export', o: 'addr=10.0.0.1,rw' }],
    ['local', { type: 'cifs', device: '//server/share' }],
    ['local', { type: 'none', o: 'nobind,binding', device: 'x' }],
    ['sshfs', { o: 'bind', device: '/run' }],
  ])('is none for a volume of driver %s with %j', (driver, options: Record<string, string>) => {
    expect(bindDevice(driver, options)).toBeUndefined();
  });
});
