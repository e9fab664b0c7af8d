// The quick start, as docs/QUICK-START.md has it.
import { Yingda } from "@yingda/sdk";

const yingda = new Yingda({ url: process.env.CHAT_URL, token: process.env.CHAT_TOKEN });
const chat = await yingda.chat("main");
await chat.send("Where is my parcel?");
for await (const { kind, body } of yingda.read(chat.conversation)) if (kind === "message") console.log(body.text);
for await (const event of yingda.events({ bodies: true })) {
  console.log(event.type, event.conversation);
  if (event.conversation === chat.conversation) break;
}
