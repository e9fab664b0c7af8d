"""The SDK at a running server: CHAT_URL, and CHAT_TOKEN with the permissions desk, canned_replies.edit and integrations."""

import itertools
import os
import unittest

import httpx

from yingda import Refused, Yingda, wait_of
from yingda.client.api.me import get_me

URL, TOKEN = os.environ["CHAT_URL"], os.environ["CHAT_TOKEN"]


class Sdk(unittest.TestCase):
    def program(self, token=TOKEN):
        made = Yingda(URL, token=token)
        self.addCleanup(made.close)
        return made

    def test_a_program_answers_a_customer_and_both_listen(self):
        program = self.program()
        self.assertEqual(get_me.sync(client=program.api).name, "SDK test")
        chat = program.chat("main")
        chat.send("Where is my parcel?")
        chat.send({"type": "request_human", "via": "button"})
        texts = [entry["body"]["text"] for entry in program.read(chat.conversation) if entry["kind"] == "message"]
        self.assertEqual(texts[0], "Where is my parcel?")
        program.send(chat.conversation, {"type": "take"})
        program.send(chat.conversation, {"type": "text", "text": "It left today"})
        seen = []
        for entry in chat.entries():
            seen.append(entry["seq"])
            if entry["kind"] == "message" and entry["body"]["text"] == "It left today":
                break
        self.assertEqual(seen, list(range(1, len(seen) + 1)))
        found = next(event for event in program.events(bodies=True) if event.get("conversation") == chat.conversation)
        self.assertTrue(found["next"])

    def test_a_refusal_has_its_code(self):
        program = self.program()
        with self.assertRaises(Refused) as refused:
            program.call("GET", "/company")
        self.assertEqual((refused.exception.status, refused.exception.code), (403, "not_permitted"))
        stranger = self.program("ydt_nonsense")
        for ask in (lambda: stranger.call("GET", "/me"), lambda: next(itertools.islice(stranger.listen({}), 1))):
            with self.assertRaises(Refused) as refused:
                ask()
            self.assertEqual(refused.exception.code, "token_unknown")

    def test_an_answer_says_how_long_to_wait(self):
        date = "Mon, 30 Nov 2026 10:00:00 GMT"
        for told, seconds in (
            ("7", 7),
            ("90000", 3600),
            ("Mon, 30 Nov 2026 10:02:00 GMT", 120),
            ("Mon, 30 Nov 2026 09:59:00 GMT", 0),
            ("later", 0),
        ):
            self.assertEqual(wait_of(httpx.Headers({"Retry-After": told, "Date": date})), seconds, told)
        self.assertEqual(wait_of(httpx.Headers()), 0)

    def test_a_change_has_a_key_and_takes_effect_once(self):
        program = self.program()
        new = {"shortcode": f"py-{os.getpid()}", "title": "SDK", "body": {"zh": "", "en": "hello"}}
        self.assertTrue(program.call("POST", "/canned-replies", new)["id"].startswith("crp_"))
        with self.assertRaises(Refused) as refused:
            program.call("POST", "/canned-replies", new)
        self.assertEqual(refused.exception.field, "shortcode")


if __name__ == "__main__":
    unittest.main()
