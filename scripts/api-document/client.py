"""Generates a Python client of the API document with openapi-python-client and imports all of it: client.py DOCUMENT."""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = {
    "package_name_override": "yingda_client",
    "post_hooks": [],
    # The generator knows one type of bytes.
    "content_type_overrides": {
        "image/jpeg": "application/octet-stream",
        "image/png": "application/octet-stream",
        "text/csv": "application/octet-stream",
    },
}
NOT_MADE = {
    # An entry is one of many kinds *and* what all of them have. The generator cannot put together what is said like that (`allOf` with a `oneOf` in it), and leaves out
    # what holds entries: the frames of the real-time protocol, and two answers, whose bytes the client still hands over.
    "/components/schemas/ClientFrame",
    "/components/schemas/Entry",
    "/components/schemas/SendRequest",
    "/components/schemas/SendResponse",
    "/components/schemas/ServerFrame",
    "GET /api/v1/customer/conversations/{id}",
    "GET /api/v1/customer/export",
}
"""What the generator may warn about; anything else is a failure."""


def main() -> int:
    document = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="yingda-client-") as folder:
        settings = Path(folder, "settings.json")
        settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
        package = Path(folder, "yingda_client")
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--config", settings, "--meta", "none", "--output-path", package]
        made = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
        told = made.stdout + made.stderr
        warned = set(re.findall(r"WARNING parsing (\S+ \S+) within", told)) | set(re.findall(r"Unable to (?:parse|process) schema (\S+?):?\n", told))
        if made.returncode or warned != NOT_MADE:
            print(told)
            print("warnings that are not expected:", sorted(warned - NOT_MADE), "expected and not there:", sorted(NOT_MADE - warned))
            return 1
        sys.path.insert(0, folder)
        modules = [module.name for module in pkgutil.walk_packages([str(package)], "yingda_client.")]
        for module in modules:
            importlib.import_module(module)
        operations = sum(len(item) for item in json.loads(document.read_text(encoding="utf-8"))["paths"].values())
        calls = [module for module in modules if hasattr(sys.modules[module], "asyncio_detailed")]
        print(f"a Python client of {len(calls)} operations in {len(modules)} modules can be imported")
        return 0 if len(calls) == operations else 1


if __name__ == "__main__":
    sys.exit(main())
