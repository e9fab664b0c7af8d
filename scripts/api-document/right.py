"""Requests that are right in more than their form: a schema cannot say that a code was sent, a puzzle is solved, or an address is nobody's yet."""

import itertools
from collections import Counter

from house import CODE, PASSWORD, SITE, Caller, Customer, House, Member

CUSTOMER = "/api/v1/customer"
WHOLE = 4
"""Requests of an operation that are made right as a whole."""


class Right:
    """What makes requests succeed, by operation or by field."""

    def __init__(self, house: House, callers: list[Caller]):
        self.house = house
        self.customer = next(caller for caller in callers if isinstance(caller, Customer))
        self.member = next(caller for caller in callers if isinstance(caller, Member))
        self.count = itertools.count(1)
        self.made: Counter = Counter()
        self.whole = {
            "POST /api/v1/auth/links/inspect": (Caller, lambda n: {"token": house.link("agent")}),
            "POST /api/v1/auth/links/redeem": (Caller, lambda n: {"token": house.link("agent"), "password": PASSWORD}),
            "POST /api/v1/auth/sessions": (Caller, lambda n: {"email": self.member.email, "password": PASSWORD}),
            "POST /api/v1/auth/recoveries": (Caller, lambda n: {"email": self.member.email, "lang": "en", "proof": house.proof()}),
            "POST /api/v1/me/proof": (Member, lambda n: {"password": PASSWORD}),
            "POST /api/v1/alerts/acknowledge": (Member, lambda n: {"subject": "acc_" + "0" * 32}),
            "PUT /api/v1/address-rules": (Member, lambda n: {"staff_allowed": [], "staff_denied": [], "visitors_denied": []}),
            "PUT /api/v1/sign-in-rules": (Member, lambda n: {"second_step_for": []}),
            "PUT /api/v1/me/password": (Member, lambda n: {"old": PASSWORD, "password": PASSWORD}),
            "POST /api/v1/sites/{key}/sightings": (Caller, lambda n: {"page": f"https://shop.example/{n}", "loader": 1}),
            f"POST {CUSTOMER}/sessions": (Caller, lambda n: {"site": SITE, "identifier": self.customer.address, "password": PASSWORD}),
            f"PUT {CUSTOMER}/password": (Customer, lambda n: {"old": PASSWORD, "password": PASSWORD}),
            f"POST {CUSTOMER}/registrations": (Caller, self.new_customer),
            f"POST {CUSTOMER}/registrations/confirm": (Caller, lambda n: house.registered(f"confirm{n}@example.com")),
            f"POST {CUSTOMER}/recoveries": (Caller, lambda n: self.lost()),
            f"POST {CUSTOMER}/recoveries/inspect": (Caller, lambda n: {"handle": self.link()}),
            f"POST {CUSTOMER}/recoveries/redeem": (Caller, lambda n: {"handle": self.link(), "password": PASSWORD}),
            f"POST {CUSTOMER}/identifiers": (Customer, lambda n: self.another(f"another{n}@example.com")),
            f"POST {CUSTOMER}/identifiers/confirm": (Customer, self.other_address),
        }
        self.fields = {
            # Nobody could sign in with a link alone.
            "second_step_for": lambda n: [],
            "shortcode": lambda n: f"s{n}",
            "title": lambda n: f"Title {n}",
            "email": lambda n: f"member{n}@example.com",
            "key": lambda n: f"site-{n}",
            "sentence": lambda n: f"How do I check my bill number {n}?",
            "expected": lambda n: "kb-001",
            "price_fen": lambda n: 9900,
            "stock": lambda n: 5,
            "revision": lambda n: self.house.ask("GET", "/api/v1/knowledge", callers[-1].credentials).json()["revision"],
            "events": lambda n: ["conversation.opened"],
        }

    def field(self, name: str, value):
        """A right value for a field, or the one that was generated."""
        n = next(self.count)
        if name in self.fields:
            return self.fields[name](n)
        if isinstance(value, dict) and {"zh", "en"} & set(value):
            return {"zh": f"文字{n}", "en": f"Words {n}"}
        if name == "name" and isinstance(value, str):
            return f"Name {n}"
        return value

    def body(self, label: str, caller: Caller) -> dict | None:
        """A right body where only a whole one can be right. A few of them do: what is sent to one address is limited."""
        who, make = self.whole.get(label, (Caller, None))
        if not make or not isinstance(caller, who) or self.made[label] == WHOLE:
            return None
        self.made[label] += 1
        return make(next(self.count))

    def new_customer(self, n: int) -> dict:
        """Asks for an account nobody has."""
        return {"site": SITE, "identifier": f"new{n}@example.com", "password": PASSWORD, "lang": "en", "proof": self.house.proof()}

    def lost(self) -> dict:
        """Has forgotten the password."""
        return {"site": SITE, "identifier": self.customer.address, "lang": "en", "proof": self.house.proof()}

    def link(self) -> str:
        """The secret of a link that was sent to who forgot."""
        return self.house.sent(self.customer.address, r"/reset#(\w+)", f"{CUSTOMER}/recoveries", self.lost())[1]

    def another(self, address: str) -> dict:
        """Asks for another address, with a code that went to the one there is."""
        self.customer.stay()
        handle, code = self.house.sent(self.customer.address, CODE, f"{CUSTOMER}/step-up", {"via": "email"}, self.customer.credentials)
        return {"identifier": address, "handle": handle, "code": code}

    def other_address(self, n: int) -> dict:
        """Hands in the code that went to another address."""
        address = f"other{n}@example.com"
        handle, code = self.house.sent(address, CODE, f"{CUSTOMER}/identifiers", self.another(address), self.customer.credentials)
        return {"handle": handle, "code": code}
