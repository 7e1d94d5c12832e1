// Picture files for tests: real ones of every format (the corpus of the decoder's fuzz driver), and PNG and GIF made on the spot.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { ROOT } from './owned.mjs';

/** `jpeg`, `png`, `gif`, `webp`, `avif`, `gif-animated`, `gif-bomb`, …: 40 × 30 pixels where nothing else is said. */
export function picture(kind) {
  return readFileSync(join(ROOT, 'tests/fuzz/image_decode', kind));
}

/** The checksum of PNG. */
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function chunk(name, content) {
  const bytes = Buffer.concat([Buffer.from('    '), Buffer.from(name), content, Buffer.from('    ')]);
  bytes.writeUInt32BE(content.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** A grey PNG; its header may claim another size than it has. */
export function png(width, height, { claim = [width, height] } = {}) {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(claim[0], 0);
  header.writeUInt32BE(claim[1], 4);
  const rows = Buffer.alloc(height * (width + 1), 0x60);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A GIF within all bounds that keeps a decoder busy for seconds. */
export function hardGif() {
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0]);
  const screen = Buffer.from([0xd0, 7, 0xd0, 7, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
  return Buffer.concat([Buffer.from('GIF89a'), screen, ...Array(24).fill(frame), Buffer.from([0x3b])]);
}
