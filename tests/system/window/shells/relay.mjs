import { connect, createServer } from 'node:net';

/** Listens at one address and leads what comes there to another; resolves to where it listens. */
export function relay(from, to) {
  const server = createServer((near) => {
    const far = connect(to);
    near.pipe(far).pipe(near);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    near.on('error', end);
    far.on('error', end);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(from, () => resolve(server.address()));
  });
}
