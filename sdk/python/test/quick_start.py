"""The quick start, as docs/QUICK-START.md has it."""

import os

from yingda import Yingda

yingda = Yingda(os.environ["YINGDA_URL"], token=os.environ["YINGDA_TOKEN"])
chat = yingda.chat("main")
chat.send("Where is my parcel?")
print([entry["body"]["text"] for entry in yingda.read(chat.conversation) if entry["kind"] == "message"])
for event in yingda.events(bodies=True):
    print(event["type"], event["conversation"])
    if event["conversation"] == chat.conversation:
        break
