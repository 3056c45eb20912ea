import { describe, expect, it } from 'vitest';
import { bindDevices } from '../../../../main/sources/volume-device.ts';

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
    expect(bindDevices('local', options)).toEqual(['/run']);
  });

  it('is given as it is, since the engine does not clean it', () => {
    expect(bindDevices('local', { o: 'bind', device: 'run/../x' })).toEqual(['run/../x']);
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
    expect(bindDevices(driver, options)).toEqual([]);
  });

  it.each([
    ['lowerdir=/run,upperdir=/u,workdir=/w', ['/run', '/u', '/w']],
    ['nosuid, lowerdir=/tmp:/run', ['/tmp', '/run']],
    ['lowerdir=/tmp::/run', ['/tmp', '/run']],
    ['lowerdir+=/tmp,datadir+=/run', ['/tmp', '/run']],
    ['lowerdir=/tmp\\:/run', ['/']],
  ])('are all layers of an overlay with %s', (o, paths) => {
    expect(bindDevices('local', { type: 'overlay', device: 'overlay', o })).toEqual(paths);
  });

  it('may be everything where another file system has layers', () => {
    expect(bindDevices('local', { type: 'aufs', device: 'none', o: 'br=/run' })).toEqual(['/']);
  });
});
