"""A program on the Python SDK: takes the conversation that has waited longest, prints what the customer said, and answers with its argument."""

import json
import os
import sys

from yingda import Refused, Yingda

yingda = Yingda(os.environ["CHAT_URL"], token=os.environ["CHAT_TOKEN"])
try:
    conversation = yingda.call("GET", "/conversations", list="queue")["items"][0]["id"]
    said = [entry["body"] for entry in yingda.read(conversation) if entry["kind"] == "message"]
    yingda.send(conversation, {"type": "take"})
    yingda.send(conversation, {"type": "text", "text": sys.argv[1]})
    print(json.dumps({"said": [body["text"] for body in said if body["type"] == "text"]}))
except Refused as refused:
    print(json.dumps({"refused": refused.code}))
