// A door to the machines' https for clients that speak http: what comes to a port of ours goes on over TLS, and only to somebody
// whose certificate is the one that the test has made. So the harness of the other tests serves here as it is.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const KNOCK_MS = 1500;    // then the next machine is tried
const SILENCE_MS = 20_000; // of a stream too, which has a ping every 15 s: then whoever is behind is gone

/** A connection to the first machine that answers. */
async function reach(addresses, options) {
  for (const host of addresses) {
    const far = tls.connect({ host, ...options });
    far.setTimeout(KNOCK_MS, () => far.destroy(new Error('no answer')));
    try {
      await once(far, 'secureConnect');
      far.setTimeout(SILENCE_MS, () => far.destroy(new Error('silence')));
      return far;
    } catch {
      far.destroy();
    }
  }
  return null;
}

async function lead(near, addresses, options) {
  near.on('error', () => near.destroy());
  const far = await reach(addresses, options);
  if (!far) {
    near.destroy();
    return;
  }
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  near.pipe(far).pipe(near);
}

/** The URL of the door to port 443 of these addresses, by turns; they have to be `name` by the certificate in `file`. */
export async function openDoor(addresses, name, file) {
  const all = addresses.split(' ');
  const options = { port: 443, servername: name, ca: readFileSync(file) };
  let turn = 0;
  const server = net.createServer((near) => {
    const first = turn++ % all.length;
    lead(near, [...all.slice(first), ...all.slice(0, first)], options);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}
