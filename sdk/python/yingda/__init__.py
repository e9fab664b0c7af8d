"""The client that people write against: signing in with a token, repeating what had no answer, a customer's chat, and listening.

All operations and their types are generated from the API document, in `yingda.client`: `get_conversation.sync(client=yingda.api, id=...)`.
"""

import json
import random
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

__all__ = ["Chat", "Refused", "Yingda"]

LATER = {429, 502, 503, 504}
"""Answers that are worth another try: the server is busy, is stopping, or wants it slower."""
PASSING = {"busy", "moving", "too_fast", "too_many_connections"}
"""Codes with which a connection ends that is worth opening again."""


PAGE = 500
"""Entries that are asked for at once."""


class Refused(Exception):
    """A refusal: `code` is what programs branch on."""

    def __init__(self, status: int, problem: dict[str, Any]):
        super().__init__(problem.get("title") or problem.get("code") or f"the server answered {status}")
        self.status = status
        self.code: str = problem.get("code", "internal")
        self.field: str | None = problem.get("field")
        self.request_id: str | None = problem.get("request_id")


def backoff(attempt: int) -> float:
    """Seconds: half of one, doubled each time, up to half a minute, and never the same for all clients."""
    return random.random() * min(30.0, 0.5 * 2**attempt)


def wait_of(headers: httpx.Headers) -> float:
    """How many seconds to wait, from `Retry-After`: a number, or a date by the clock of whoever answered; at most an hour, 0 if it says nothing."""
    told = headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return min(float(told), 3600.0)
    try:
        until = parsedate_to_datetime(told)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(timezone.utc)
        return min(max((until - now).total_seconds(), 0.0), 3600.0)
    except (ValueError, TypeError):
        return 0.0


class Repeating(httpx.BaseTransport):
    """Repeats a request that had no answer, or one that says to come later. A change has an `Idempotency-Key`, so that it takes effect once."""

    def __init__(self, retries: int):
        self.inner = httpx.HTTPTransport()
        self.retries = retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method not in ("GET", "HEAD") and request.url.path.startswith("/api/"):
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        for attempt in range(self.retries):
            told = 0.0
            try:
                answer = self.inner.handle_request(request)
                if answer.status_code not in LATER:
                    return answer
                told = wait_of(answer.headers)
                answer.close()
            except httpx.TransportError:
                pass
            time.sleep(max(told, backoff(attempt)))
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


class Yingda:
    """An installation of Yingda, as one program uses it.

    url: the address of the installation, such as https://chat.example.com.
    token: the program's token (`ydt_...`); not needed to write as a customer.
    retries: how often a request is repeated that had no answer, or was told to come later.
    """

    def __init__(self, url: str, token: str | None = None, retries: int = 5):
        self.url = url.rstrip("/")
        self.token = token
        self.retries = retries
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=self.url, headers=headers, transport=Repeating(retries), timeout=30.0)

    def close(self) -> None:
        """Closes its connections."""
        self.http.close()

    @property
    def api(self) -> Any:
        """The client that the generated operations take."""
        from .client import AuthenticatedClient, Client

        client = AuthenticatedClient(self.url, token=self.token) if self.token else Client(self.url)
        return client.set_httpx_client(self.http)

    def call(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        """One operation by its verb and its path below /api/v1; returns its JSON. Raises `Refused`."""
        asked = {name: value for name, value in query.items() if value is not None}
        return self._json(self.http.request(verb, f"/api/v1{path}", params=asked, json=body))

    @staticmethod
    def _json(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        answer.read()
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise Refused(answer.status_code, problem)

    def read(self, conversation: str, first: int = 1) -> Iterator[dict[str, Any]]:
        """What a conversation has so far, from a number on."""
        while True:
            asked = {"frames": [{"t": "get", "stream": conversation, "from": first, "to": first + PAGE - 1}]}
            frames = self._json(self.http.post("/rt/send", json=asked))["frames"]
            for frame in frames:
                if frame["t"] in ("no", "gone") and frame["code"] != "busy":
                    raise Refused(200, frame)
            entries = [entry for frame in frames if frame["t"] == "page" for entry in frame["entries"]]
            yield from entries
            if not entries and all(frame["t"] == "page" for frame in frames):
                return
            first = entries[-1]["seq"] + 1 if entries else first

    def events(self, after: str | None = None, bodies: bool = False) -> Iterator[dict[str, Any]]:
        """The events of the company since a place, and then those to come, for ever: keep `next` with what was done with them, and go on from there."""
        while True:
            page = self.call("GET", "/events", after=after, bodies=str(bodies).lower())
            for event in page["items"]:
                yield {**event, "next": page["next"]}
            after = page["next"]
            if not page["items"]:
                time.sleep(1)

    def chat(self, site: str, lang: str = "en") -> "Chat":
        """Begins to write as a customer of a site."""
        return Chat(self, self.call("POST", "/widget/sessions", {"site": site, "lang": lang}), lang)

    def send(self, conversation: str, body: dict[str, Any], **more: Any) -> int:
        """Sends into a conversation, and repeats it under the same id until it is stored or refused; returns its number."""
        token, opened = more.get("token"), more.get("open")
        frame = {"t": "send", "conversation": conversation, "client_id": str(uuid.uuid4()), "body": body}
        if opened is not None:
            frame["open"] = opened
        request = {"frames": [frame]} | ({"token": token} if token else {})
        for attempt in range(self.retries + 1):
            told = self._json(self.http.post("/rt/send", json=request))["frames"][0]
            if told["t"] == "ok":
                return told["seq"]
            if told["t"] == "no":
                raise Refused(200, told)
            time.sleep(backoff(attempt))
        raise Refused(503, {"code": "busy"})

    def listen(self, streams: dict[str, int], lists: list[str] | None = None, token: str | None = None) -> Iterator[dict[str, Any]]:
        """Frames of the real-time protocol, for ever: the entries of these streams from these numbers on, each once and in order. Comes back by itself."""
        cursors, generation, attempt = dict(streams), None, 0
        while True:
            hello = {"version": 1, "cursors": cursors}
            hello |= {name: value for name, value in (("generation", generation), ("lists", lists), ("token", token)) if value}
            try:
                with self.http.stream("POST", "/rt/events", json=hello, headers={"Accept": "text/event-stream"}, timeout=60.0) as answer:
                    if not answer.is_success:
                        self._json(answer)
                    for line in answer.iter_lines():
                        if not line.startswith("data: "):
                            continue
                        frame, attempt = json.loads(line[6:]), 0
                        if frame["t"] == "welcome":
                            generation = frame["generation"]
                        if frame["t"] == "no" and not {"client_id", "stream"} & frame.keys() and frame["code"] not in PASSING:
                            raise Refused(answer.status_code, frame)
                        if frame["t"] == "reset":
                            cursors[frame["stream"]] = frame["seq"]
                        if frame["t"] == "entries":
                            known = cursors.get(frame["stream"]) or 0
                            frame["entries"] = [entry for entry in frame["entries"] if entry["seq"] > known]
                            if not frame["entries"]:
                                continue
                            cursors[frame["stream"]] = frame["entries"][-1]["seq"]
                        yield frame
            except httpx.TransportError:
                pass
            time.sleep(backoff(attempt))
            attempt += 1


class Chat:
    """A customer of a site, and the conversation they have."""

    def __init__(self, yingda: Yingda, session: dict[str, Any], lang: str):
        self._yingda, self._token, self._lang = yingda, session["token"], lang
        self._is_open = session["conversation"] is not None
        self.conversation: str = session["conversation"] or f"cnv_{uuid.uuid4().hex}"
        """The one to continue, or a new one, which begins with the first message."""
        self.device: str = session["device"]
        """The secret with which the same customer comes back: `POST /widget/sessions` takes it as `device`."""

    def send(self, what: str | dict[str, Any]) -> int:
        """Sends a text, or anything else a customer can send; returns its number in the conversation."""
        body = {"type": "text", "text": what} if isinstance(what, str) else what
        seq = self._yingda.send(self.conversation, body, token=self._token, open=None if self._is_open else {"lang": self._lang})
        self._is_open = True
        return seq

    def entries(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """What the customer sees in the conversation, from a number on and for ever."""
        for frame in self._yingda.listen({self.conversation: after}, token=self._token):
            if frame["t"] == "entries":
                yield from frame["entries"]
