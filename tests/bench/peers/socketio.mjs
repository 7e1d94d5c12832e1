// The chat that one would write in an evening: socket.io, and node-postgres for what must be durable. POST /post/ROOM stores a row and
// tells the room; a socket joins the room of its query. No sessions, no rules, no order, no log.
//   PEER_DB: libpq-like settings for pg, as JSON; listens on a free port and prints it.
import { createServer } from 'node:http';
import pg from 'pg';
import { Server } from 'socket.io';

const pool = new pg.Pool({ ...JSON.parse(process.env.PEER_DB), max: 16 });
await pool.query(`create table if not exists message (
  id bigint generated always as identity primary key, room int not null, client_id uuid not null unique, text text not null, at timestamptz not null default now())`);

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

async function post(request, response) {
  const room = Number(request.url.split('/')[2]);
  const { text, client_id: clientId } = await bodyOf(request);
  const { rows } = await pool.query({
    name: 'post', text: 'insert into message (room, client_id, text) values ($1, $2, $3) returning *', values: [room, clientId, text],
  });
  io.to(room).emit('message', rows[0]);
  response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify(rows[0]));
}

const server = createServer((request, response) => {
  post(request, response).catch((error) => response.writeHead(500).end(error.message));
});
server.keepAliveTimeout = 75_000;
const io = new Server(server, { serveClient: false, transports: ['websocket'] });
io.on('connection', (socket) => socket.join(Number(socket.handshake.query.room)));
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port));
