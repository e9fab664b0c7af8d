// A chat hub on `ws` that keeps nothing: it numbers a message, answers its sender and sends it to the others of the room.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const { version } = createRequire(import.meta.url)("ws/package.json");
const rooms = new Map();

const http = createServer((_, response) => response.writeHead(404).end());
const hub = new WebSocketServer({ server: http, path: "/ws", perMessageDeflate: false, maxPayload: 64 * 1024 });

hub.on("connection", (socket) => {
  let room = null;
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    room?.members.delete(socket);
    if (room?.members.size === 0) rooms.delete(room.name);
  });
  socket.on("message", (data) => {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      socket.close(1007, "bad_frame");
      return;
    }
    if (frame.t === "join") {
      const name = String(frame.conversation);
      if (!rooms.has(name)) rooms.set(name, { name, head: 0, members: new Set() });
      room = rooms.get(name);
      room.members.add(socket);
      socket.send('{"t":"joined"}');
    } else if (frame.t === "send" && room !== null && frame.conversation === room.name) {
      const seq = ++room.head;
      const at = Date.now();
      socket.send(JSON.stringify({ t: "ok", client_id: frame.client_id, seq, at }));
      const entry = { seq, at, client_id: frame.client_id, body: frame.body };
      // Encoded once for all.
      const text = JSON.stringify({ t: "entries", stream: room.name, entries: [entry] });
      for (const member of room.members) if (member !== socket) member.send(text);
    } else {
      socket.close(1008, "bad_frame");
    }
  });
});

http.listen(0, "127.0.0.1", 4096, () => console.log(`ws ${version} 127.0.0.1:${http.address().port}`));
process.on("SIGTERM", () => process.exit(0));
