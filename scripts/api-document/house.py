"""A server of its own, with the demo in it, and the six callers who come to it."""

import hashlib
import itertools
import os
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import TypeVar

import requests

Answer = TypeVar("Answer")

SLOWNESS = float(os.environ.get("SLOWNESS", "1"))
SITE = "demo"
PASSWORD = "correct horse battery"
CODE = r"(?<!\d)(\d{6})(?!\d)"
PATIENCE = 30 * SLOWNESS
"""Seconds that one answer may take."""

_networks = itertools.count()


def elsewhere() -> str:
    """An address nobody came from before: strangers are counted by network, and no caller should use up another's tries."""
    n = next(_networks)
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def steadily(send: Callable[[], Answer]) -> Answer:
    """Sends once more where the connection was closed since the answer before, as every client does: a request that is refused before its body was read ends its connection."""
    try:
        return send()
    except requests.ConnectionError:
        return send()


class House:
    """One `yingda serve` on a temporary folder. Nothing it does leaves the machine: mail and text messages are files, and webhooks only go where we let them."""

    def __init__(self, program: str):
        self.program = program
        self.data = Path(tempfile.mkdtemp(prefix="yingda-api-"))
        # The server refuses variables of this name that it does not know.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("YINGDA_")}
        self.environment |= {"YINGDA_LOG": "warn", "YINGDA_EGRESS__ALLOW_PRIVATE": "true", "YINGDA_BEHIND_PROXY": "true"}
        self.log = open(self.data / "log.txt", "w+", encoding="utf-8")
        arguments = [program, "serve", "--data", str(self.data / "record"), "--listen", "127.0.0.1:0", "--demo"]
        self.process = subprocess.Popen(arguments, env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        ready = self.process.stdout.readline()
        if not ready.startswith("ready http://"):
            told = self.said()
            self.close()
            raise SystemExit(f"{program} did not start:\n{told}")
        self.base = ready.split()[1]
        self.session = requests.Session()
        self.session.trust_env = False
        # Who somebody is stands in the headers; what an answer would set is nobody's.
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def said(self) -> str:
        """What the server wrote to stderr."""
        self.log.seek(0)
        return self.log.read()

    def ask(self, method: str, path: str, headers: dict | None = None, **more) -> requests.Response:
        """One request of ours, as a page of the server's would send it."""
        headers = {"Origin": self.base, "X-Forwarded-For": elsewhere(), **(headers or {})}
        for left in (3, 2, 1, 0):
            answer = steadily(lambda: self.session.request(method, self.base + path, headers=headers, timeout=PATIENCE, **more))
            if answer.status_code != 503 or not left:
                return answer
            time.sleep(1)

    def must(self, method: str, path: str, headers: dict | None = None, **more) -> requests.Response:
        """A request that has to succeed, or nothing can be tried."""
        answer = self.ask(method, path, headers, **more)
        if not answer.ok:
            raise SystemExit(f"{method} {path} was answered {answer.status_code}: {answer.text[:500]}")
        return answer

    def link(self, role: str) -> str:
        """The secret of a new one-time link for the first member with a role."""
        command = [self.program, "admin", "sign-in-link", "--data", str(self.data / "record"), "--role", role]
        told = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
        return told.strip().rsplit("#", 1)[1]

    def letters(self, to: str) -> list[str]:
        """What was sent to somebody, the oldest first."""
        texts = (letter.read_text(encoding="utf-8") for letter in sorted((self.data / "record/outbox").glob("*.txt")))
        return [text.split("\n\n", 1)[1] for text in texts if text.startswith(f"To: {to}\n")]

    def sent(self, to: str, found: str, path: str, body: dict, headers: dict | None = None) -> tuple[str, str]:
        """Asks for a message to somebody; returns the handle that is answered and what is found in the message."""
        before = len(self.letters(to))
        handle = self.must("POST", path, headers, json=body).json()["handle"]
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            new = self.letters(to)[before:]
            if new:
                return handle, re.search(found, new[-1])[1]
            time.sleep(0.05)
        raise SystemExit(f"no message to {to} arrived")

    def proof(self) -> dict:
        """A solved puzzle: a text with which the puzzle's SHA-256 begins with so many zero bits."""
        puzzle = self.must("GET", "/api/v1/customer/puzzle").json()
        begun = hashlib.sha256(f"{puzzle['puzzle']}.".encode())
        for n in itertools.count():
            tried = begun.copy()
            tried.update(str(n).encode())
            if int.from_bytes(tried.digest()[:8]) >> (64 - puzzle["bits"]) == 0:
                return {"puzzle": puzzle["puzzle"], "solution": str(n)}

    def registered(self, address: str) -> dict:
        """Asks for an account; returns what confirms it."""
        new = {"site": SITE, "identifier": address, "password": PASSWORD, "lang": "en", "proof": self.proof()}
        handle, code = self.sent(address, CODE, "/api/v1/customer/registrations", new)
        return {"handle": handle, "code": code}

    def close(self) -> None:
        """Stops the server and removes its folder."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.data, ignore_errors=True)


class Caller:
    """Somebody who calls the API. Some operations end a session (signing out, ending a session, another password); who was signed out comes in again."""

    name = "nobody"
    probe: str | None = None
    """What tells whether they are still signed in."""

    def __init__(self, house: House):
        self.house = house
        self.credentials: dict[str, str] = {}
        self.come_in()

    def come_in(self) -> None:
        """Signs in."""

    def stay(self) -> None:
        """Signs in again, if that is needed."""
        answer = self.house.ask("GET", self.probe, self.credentials) if self.probe else None
        if answer is not None and answer.status_code == 401:
            self.come_in()
        elif answer is not None and answer.ok:
            self.recognise(answer.json())

    def recognise(self, told: dict) -> None:
        """Takes over what they are called now."""


def chat(house: House, **more: str) -> str:
    """Begins a session of the widget, opens a conversation in it and returns its token."""
    token = house.must("POST", "/api/v1/widget/sessions", json={"site": SITE, "device": None, "lang": "en", **more}).json()["token"]
    said = {"t": "send", "conversation": f"cnv_{uuid.uuid4().hex}", "client_id": str(uuid.uuid4()), "open": {"lang": "en"}}
    said["body"] = {"type": "text", "text": "How do I check my bill?"}
    house.must("POST", "/rt/send", json={"token": token, "frames": [said]})
    return token


class Visitor(Caller):
    """Somebody on a page, without an account, who has asked something."""

    name = "visitor"

    def come_in(self) -> None:
        self.credentials = {"Authorization": f"Bearer {chat(self.house)}"}


class Customer(Caller):
    """Somebody with an account, whose chat belongs to it."""

    name = "customer"
    probe = "/api/v1/customer"
    address = "lin.hua@example.com"

    def __init__(self, house: House):
        super().__init__(house)
        chat(house, ticket=house.must("POST", "/api/v1/customer/widget-ticket", self.credentials).json()["ticket"])

    def come_in(self) -> None:
        if not self.credentials:
            self.register()
            return
        known = {"site": SITE, "identifier": self.address, "password": PASSWORD}
        self.keep(self.house.must("POST", "/api/v1/customer/sessions", json=known))

    def register(self) -> None:
        """Makes the account: a puzzle, a code by mail."""
        self.keep(self.house.must("POST", "/api/v1/customer/registrations/confirm", json=self.house.registered(self.address)))

    def recognise(self, told: dict) -> None:
        self.address = told["email"]

    def keep(self, answer: requests.Response) -> None:
        self.credentials = {"Cookie": cookie(answer, "__Host-yingda-customer")}


class Member(Caller):
    """A member of the staff, who comes in by a link from the terminal."""

    probe = "/api/v1/me"

    def __init__(self, house: House, role: str):
        self.name = role
        super().__init__(house)

    def come_in(self) -> None:
        redeem = {"token": self.house.link(self.name), "password": PASSWORD}
        self.credentials = {"Cookie": cookie(self.house.must("POST", "/api/v1/auth/links/redeem", json=redeem), "__Host-yingda")}
        me = self.house.must("GET", "/api/v1/me", self.credentials).json()
        self.agent, self.email = me["agent"], me["email"]


def callers(house: House) -> list[Caller]:
    """Who calls: from those who may do least."""
    return [Caller(house), Visitor(house), Customer(house), *(Member(house, role) for role in ("agent", "manager", "administrator"))]


def cookie(answer: requests.Response, name: str) -> str:
    """The cookie that an answer sets, as a request sends it."""
    found = re.search(rf"{name}=([^;]+)", answer.headers.get("Set-Cookie", ""))
    if not found:
        raise SystemExit(f"{answer.request.url} set no cookie {name}")
    return found[0]
