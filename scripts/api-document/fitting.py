"""Makes what was generated fit the house: ids that exist, the version that is there, files that can be read. Otherwise nearly all of it would end at the first refusal."""

import itertools
import random
import re
import struct
import zlib
from collections import defaultdict

from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation

from house import PASSWORD, SITE, Caller, House
from right import Right

ID = re.compile(r"\b([a-z]{3})_[0-9a-f]{32}\b")
PATTERN = re.compile(r"^\^([a-z]{3})_\[0-9a-f\]\{32\}\$$")
IMPORTS = "/api/v1/goods-imports"
KEPT = 20
"""Ids of a kind that are remembered: the latest."""
NAMES = {
    "/api/v1/sites": [SITE],
    "/api/v1/metrics": ["dialogue", "good_ratio", "session_created"],
    "/api/v1/panel": ["waiting", "dialogue", "session_created"],
}
"""What is named there and cannot be listed."""


def png() -> bytes:
    """A picture of two by two pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * 6) * 2)) + chunk(b"IEND", b"")


class Fitting:
    """What is known of the house, and what is made of a case with it."""

    def __init__(self, house: House, callers: list[Caller], document: dict, seed: int):
        self.house = house
        self.callers = callers
        self.document = document
        self.administrator = callers[-1]
        self.right = Right(house, callers)
        self.chance = random.Random(seed)
        self.count = itertools.count()
        self.known: dict[str, list[str]] = defaultdict(list)
        self.listed: dict[tuple[str, str], list] = {}
        # The callers themselves and their site stay as they are: without them nothing could go on.
        self.ours = {caller.agent for caller in callers if hasattr(caller, "agent")}

    def prepare(self) -> None:
        """Looks around as each caller, and signs another member in, whose sessions can be ended."""
        ask = lambda method, path, **more: self.house.must(method, f"/api/v1{path}", self.administrator.credentials, **more)
        self.ours |= {site["id"] for site in ask("GET", "/company/sites").json()["items"] if site["key"] == SITE}
        picture = png()
        self.files = {
            "/api/v1/goods-pictures": picture,
            "/api/v1/files": picture,
            "/api/v1/widget/files": picture,
            IMPORTS: ask("GET", "/goods-export").content,
            "/api/v1/knowledge/import": ask("GET", "/knowledge/export.csv").content,
        }
        other = next(member["id"] for member in ask("GET", "/staff").json()["items"] if member["id"] not in self.ours)
        link = ask("POST", f"/staff/{other}/link").json()["link"]
        self.house.must("POST", "/api/v1/auth/links/redeem", json={"token": link.rsplit("#", 1)[1], "password": PASSWORD})
        for caller in self.callers:
            for path in ("/queues", "/groups", "/conversations?list=mine", "/customer/conversations"):
                self.learn(self.house.ask("GET", f"/api/v1{path}", caller.credentials).text)

    def learn(self, text: str) -> None:
        """Remembers the ids in an answer."""
        for found in ID.finditer(text):
            known = self.known[found[1]]
            if found[0] in known:
                known.remove(found[0])
            if found[0] not in self.ours:
                known.append(found[0])
                del known[:-KEPT]

    def fit(self, case: Case, caller: Caller) -> bool:
        """Changes what was meant to be right; what was meant to be wrong stays as it is. Now and then everything does. Tells whether it is a file of ours."""
        n = next(self.count)
        right = lambda place: (info := case.meta.components.get(place)) is None or info.mode is GenerationMode.POSITIVE
        if right(ParameterLocation.PATH) and case.path_parameters and n % 5:
            case.path_parameters = {**case.path_parameters, **self.path(case, caller)}
        if right(ParameterLocation.HEADER) and n % 5 and "Idempotency-Key" in (case.headers or {}):
            case.headers = {**case.headers, "Idempotency-Key": f"key-{n}"}
        if right(ParameterLocation.BODY):
            if isinstance(case.body, dict):
                case.body = self.body(case, caller, n)
            elif case.meta.generation.mode is GenerationMode.POSITIVE and case.path in self.files and n % 2:
                case.body = self.files[case.path]
        return case.path in self.files and case.body is self.files[case.path]

    def path(self, case: Case, caller: Caller) -> dict:
        """For each part of the path something that exists: of the list above it, or an id that was seen."""
        fitted: dict = {}
        above = ""
        for piece, below in re.findall(r"/([^/]+)(?=(/[^/]+/\{)?)", case.path):
            if piece.startswith("{"):
                name = piece.strip("{}")
                names = NAMES.get(above) or self.new(above, caller) or self.names_in(above, caller) or self.known[self.prefix(case, name)]
                if below:
                    # Best something in which there is something.
                    names = [one for one in names if self.names_in(f"{above}/{one}{below[:-2]}", caller)] or names
                fitted[name] = self.chance.choice(names) if names else case.path_parameters[name]
                piece = str(fitted[name])
            above += f"/{piece}"
        return fitted

    def new(self, path: str, caller: Caller) -> list:
        """An import is gone once it is applied: each is a new one."""
        if path != IMPORTS:
            return []
        answer = self.house.ask("POST", IMPORTS, caller.credentials, data=self.files[IMPORTS])
        return [answer.json()["id"]] if answer.ok else []

    def names_in(self, path: str, caller: Caller) -> list:
        """What a list names to a caller."""
        if (path, caller.name) not in self.listed:
            answer = self.house.ask("GET", path, caller.credentials)
            told = answer.json() if answer.ok and "json" in answer.headers.get("Content-Type", "") else {}
            items = told.get("items", []) if isinstance(told, dict) else []
            names = [item.get("id") or item.get("key") or item.get("kid") or item.get("number") for item in items if isinstance(item, dict)]
            self.listed[path, caller.name] = [name for name in names if name and name not in self.ours]
        return self.listed[path, caller.name]

    def prefix(self, case: Case, name: str) -> str:
        """The prefix of the ids in a part of the path, if they have one."""
        parameters = self.document["paths"][case.path][case.operation.method.lower()]["parameters"]
        schema = next(one["schema"] for one in parameters if one["name"] == name and one["in"] == "path")
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        found = PATTERN.match(schema.get("pattern", ""))
        return found[1] if found else ""

    def body(self, case: Case, caller: Caller, n: int) -> dict:
        """Ids in it exist, webhooks stay on this machine, a change is of the version that is there, and most of the time only one field is as it was generated."""
        if n % 3 == 0 and (whole := self.right.body(case.operation.label, caller)):
            return whole
        body = {name: self.known_ids(value) for name, value in case.body.items()}
        if n % 3:
            required = self.required(case)
            optional = [name for name in body if name not in required]
            as_generated = self.chance.choice(optional) if optional else None
            body = {name: self.right.field(name, value) for name, value in body.items() if name in required or name == as_generated}
        if isinstance(body.get("url"), str):
            body["url"] = "http://127.0.0.1:9/hook"
        if "site" in body:
            body["site"] = SITE
        if "category" in body:
            names = self.names_in("/api/v1/knowledge/categories" if "/knowledge" in case.path else "/api/v1/goods-categories", self.administrator)
            body["category"] = self.chance.choice(names) if names else body["category"]
        if "seen" in body:
            body["seen"] = self.version(case, caller) or body["seen"]
        return body

    def required(self, case: Case) -> list[str]:
        """The fields that a body must have."""
        content = self.document["paths"][case.path][case.operation.method.lower()]["requestBody"]["content"]
        schema = content["application/json"]["schema"]
        return self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]].get("required", [])

    def known_ids(self, value):
        """The same with ids of things that exist."""
        if isinstance(value, dict):
            return {name: self.known_ids(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.known_ids(one) for one in value]
        found = ID.fullmatch(value) if isinstance(value, str) else None
        return self.chance.choice(self.known[found[1]]) if found and self.known[found[1]] else value

    def version(self, case: Case, caller: Caller) -> int | str | None:
        """When what a case changes was changed last."""
        path = case.formatted_path.removesuffix("/apply")
        above, _, name = path.rpartition("/")
        for place in (path, above):
            answer = self.house.ask("GET", place, caller.credentials)
            if not answer.ok:
                continue
            told = answer.json()
            for item in told.get("items", [told]):
                if place == path or name in (item.get("id"), item.get("key")):
                    return item.get("seen") or item.get("updated_at") or told.get("updated_at")
        return None
