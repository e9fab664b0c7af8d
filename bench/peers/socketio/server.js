// A chat server on Socket.IO 4: a message is a row in PostgreSQL before it is acknowledged and sent to the others of its room.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import pg from "pg";
import { Server } from "socket.io";

const { version } = createRequire(import.meta.url)("socket.io/package.json");
// As many connections as made the most of group commit where this was tried.
const POOL = 32;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: POOL });
pool.on("error", (error) => console.error(error));

await pool.query(`CREATE TABLE IF NOT EXISTS messages (
  conversation text NOT NULL, seq bigint NOT NULL, client_id text NOT NULL, at bigint NOT NULL, text text NOT NULL,
  PRIMARY KEY (conversation, seq), UNIQUE (conversation, client_id))`);
await Promise.all(Array.from({ length: POOL }, () => pool.query("SELECT pg_sleep(0.05)")));

// One process: numbers are given in memory, which spares it a lock on a row per conversation.
const heads = new Map();
async function next(conversation) {
  if (!heads.has(conversation)) {
    const stored = pool.query("SELECT coalesce(max(seq), 0)::int AS head FROM messages WHERE conversation = $1", [
      conversation,
    ]);
    heads.set(
      conversation,
      stored.then(({ rows }) => ({ seq: rows[0].head })),
    );
  }
  const head = await heads.get(conversation);
  return ++head.seq;
}

const INSERT = `INSERT INTO messages (conversation, seq, client_id, at, text) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (conversation, client_id) DO NOTHING RETURNING seq`;

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  maxHttpBufferSize: 64 * 1024,
  serveClient: false,
});

io.on("connection", (socket) => {
  socket.on("join", (conversation, done) => {
    socket.join(conversation);
    done({});
  });
  socket.on("send", async ({ conversation, client_id, text }, done) => {
    try {
      const seq = await next(conversation);
      const at = Date.now();
      const stored = await pool.query({
        name: "insert",
        text: INSERT,
        values: [conversation, seq, client_id, at, text],
      });
      if (stored.rowCount === 0) {
        const known = await pool.query("SELECT seq::int FROM messages WHERE conversation = $1 AND client_id = $2", [
          conversation,
          client_id,
        ]);
        done({ seq: known.rows[0].seq });
        return;
      }
      done({ seq, at });
      socket.to(conversation).emit("message", { seq, at, client_id, text });
    } catch (error) {
      console.error(error);
      done({ error: "not_stored" });
    }
  });
});

http.listen(0, "127.0.0.1", 4096, () => console.log(`socket.io ${version} 127.0.0.1:${http.address().port}`));
process.on("SIGTERM", () => process.exit(0));
