"""The quick start, as docs/QUICK-START.md has it."""

import os

from yingda import Yingda

yingda = Yingda(os.environ["CHAT_URL"], token=os.environ["CHAT_TOKEN"])
chat = yingda.chat("main")
chat.send("Where is my parcel?")
print([entry["body"]["text"] for entry in yingda.read(chat.conversation) if entry["kind"] == "message"])
for event in yingda.events(bodies=True):
    print(event["type"], event.get("conversation"))
    if event.get("conversation") == chat.conversation:
        break
