"""Calls every operation of the API document as six callers, with what schemathesis makes of the document, and judges every answer by it: calls.py DOCUMENT PROGRAM REPORT.

The same seed makes the same cases; ids and times are the server's. Each operation counts as one test. It fails if an answer is a 5xx or not as the document says."""

import copy
import json
import os
import re
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from fitting import Fitting
from house import PATIENCE, SLOWNESS, Caller, House, callers, elsewhere, steadily

SEED = int(os.environ.get("API_SEED", "1"))
ONLY = os.environ.get("API_ONLY", "")
"""A regular expression: the operations to call, e.g. `PATCH .*groups`."""
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 3}
"""Chance examples of an operation."""
BOUNDARIES = 40
"""Cases of an operation at the boundaries of its schemas; of more, so many at equal distances."""
OTHERS = 6
"""Cases of an operation for each caller but the one who may most."""
WITHIN = 240 * SLOWNESS
"""Seconds after which the run is broken off."""
DONE = 120
"""Operations that have to be done at least once; of the others most need what takes days, as a delivery that was given up."""
TOLD = 3
"""Failures of an operation that are told in full."""
ORDER = ("post", "get", "put", "patch", "delete")
"""What is made first is then read, changed and removed."""
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "negative_data_rejection",
)


@dataclass
class Outcome:
    """What became of an operation."""

    label: str
    calls: int = 0
    statuses: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def cases_of(operation) -> list[Case]:
    """Chance examples, then the boundaries of its schemas."""
    found: list[Case] = []
    for mode, count in EXAMPLES.items():

        @seed(SEED)
        @settings(max_examples=count, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            found.append(case)

        try:
            collect()
        except Unsatisfiable:
            pass  # Nothing can be wrong with it, or nothing right.
    schema = operation.schema
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    boundaries = list(schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=schema.config.generation))
    step = max(1, len(boundaries) / BOUNDARIES)
    chosen = [boundaries[int(n * step)] for n in range(min(BOUNDARIES, len(boundaries)))]
    # The right ones first: what they make, others find.
    return sorted(found + chosen, key=lambda case: case.meta.generation.mode is GenerationMode.NEGATIVE)


def lacks_a_language(value) -> bool:
    """Requests may leave one language of a text out, though the document wants both: it describes texts once, as they are answered."""
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(isinstance(one, dict) and one.keys() < {"zh", "en"} or lacks_a_language(one) for one in inside)


class Run:
    """All operations as all callers."""

    def __init__(self, house: House, document: dict):
        self.house = house
        self.callers = callers(house)
        self.fitting = Fitting(house, self.callers, document, SEED)
        self.fitting.prepare()
        load_all_checks()
        self.checks = [CHECKS.get_one(name) for name in CHECKED]

    def operation(self, operation) -> Outcome:
        """Asks as each caller; as the first who is let in, counted from whoever may most, everything."""
        outcome = Outcome(operation.label)
        cases = cases_of(operation)
        needs_credentials = "security" in self.fitting.document["paths"][operation.path][operation.method.lower()]
        has_been_in = False
        for caller in reversed(self.callers):
            chosen = cases[:: max(1, len(cases) // OTHERS)][:OTHERS] if has_been_in else cases
            refused = 0
            for n, case in enumerate(chosen):
                status = self.ask(case, caller, outcome)
                refused += status in (401, 403)
                if needs_credentials and n + 1 == OTHERS // 2 and refused > n:
                    break  # Not let in at all.
            has_been_in |= not needs_credentials or refused < min(len(chosen), OTHERS // 2)
        return outcome

    def ask(self, case: Case, caller: Caller, outcome: Outcome) -> int:
        """One request; returns its status."""
        is_file = self.fitting.fit(case, caller)
        headers = {**caller.credentials, "Origin": self.house.base, "X-Forwarded-For": elsewhere()}
        for patience in (1, 2, 4, 0):
            answer = steadily(lambda: case.call(base_url=self.house.base, session=self.house.session, headers=headers, timeout=PATIENCE, allow_redirects=False))
            # "Busy" is an answer by design: nothing was done, and the same may be asked again.
            if answer.status_code != 503 or not patience:
                break
            time.sleep(patience)
        outcome.calls += 1
        outcome.statuses[answer.status_code] += 1
        if answer.status_code < 300 and case.method != "GET":
            self.fitting.listed.clear()
            if any(word in case.path for word in ("session", "password", "redeem", "confirm")):
                for each in self.callers:
                    each.stay()
        if answer.status_code < 300 and "json" in (answer.headers.get("content-type") or [""])[0]:
            self.fitting.learn(answer.text)
        try:
            case.validate_response(answer, checks=self.checks[:-1] if is_file or lacks_a_language(case.body) else self.checks, headers=headers)
        except FailureGroup as group:
            outcome.failures.append(f"as {caller.name}: {group}")
        return answer.status_code


def main() -> int:
    document, program, report = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        document = json.load(file)
    # Who calls is ours to choose: wrong cookies and tokens are what the server's own tests try.
    open_to_all = copy.deepcopy(document)
    for item in open_to_all["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(open_to_all)
    schema.config.output.sanitization.update(enabled=False)
    operations = [found.ok() for found in schema.get_all_operations()]
    operations = [operation for operation in operations if re.search(ONLY, operation.label)]
    operations.sort(key=lambda operation: ORDER.index(operation.method.lower()))
    begun = time.monotonic()
    house: House | None = None
    outcomes: list[Outcome] = []

    def break_off(number: int, _) -> None:
        """Ends all of it: what runs at this moment might catch an exception."""
        why = f"the calls took longer than {WITHIN:.0f} s" if number == signal.SIGALRM else "the calls were broken off"
        print(f"{why}: {len(outcomes)} of {len(operations)} operations were called", flush=True)
        if house:
            house.close()
        os._exit(1)

    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, break_off)
    signal.alarm(int(WITHIN))
    house = House(program)
    try:
        run = Run(house, document)
        for operation in operations:
            outcomes.append(run.operation(operation))
        broken = house.process.poll() is not None or "panicked" in house.said()
        if broken:
            print(f"the server broke:\n{house.said()[-4000:]}")
    finally:
        house.close()
    failed = [outcome for outcome in outcomes if outcome.failures]
    for outcome in failed:
        print(f"\n{outcome.label}: {len(outcome.failures)} of {outcome.calls} answers are not as the document says")
        for failure in outcome.failures[:TOLD]:
            print(failure)
    never = [outcome.label for outcome in outcomes if not any(status < 300 for status in outcome.statuses)]
    print("never done:", *never, sep="\n  ")
    if too_few := not ONLY and len(outcomes) - len(never) < DONE:
        print(f"only {len(outcomes) - len(never)} operations were done at least once, {DONE} should be: the others were tried by refusals alone")
    statuses = sum((outcome.statuses for outcome in outcomes), Counter())
    calls = sum(outcome.calls for outcome in outcomes)
    print(f"{len(outcomes)} operations, {calls} calls as {len(run.callers)} callers in {time.monotonic() - begun:.0f} s; statuses {dict(sorted(statuses.items()))}")
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"passed": len(outcomes) - len(failed), "failed": len(failed) + broken + too_few}, file)
    return 1 if failed or broken or too_few else 0


if __name__ == "__main__":
    sys.exit(main())
