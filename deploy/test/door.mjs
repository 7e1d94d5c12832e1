// A door to the machine's https for clients that speak http: what comes to a port of ours goes on over TLS, and only to somebody
// whose certificate is the one that the test has made. So the harness of the other tests serves here as it is.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

/** The URL of the door to `address`:443, which has to be `name` by the certificate in `file`. */
export async function openDoor(address, name, file) {
  const ca = readFileSync(file);
  const server = net.createServer((near) => {
    const far = tls.connect({ host: address, port: 443, servername: name, ca });
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}
