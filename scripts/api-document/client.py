"""Generates a Python client of the API document with openapi-python-client and imports all of it: client.py DOCUMENT FOLDER, a folder `…/yingda/client`."""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

SETTINGS = {
    "package_name_override": "client",
    "post_hooks": [],
    # The generator knows one type of bytes.
    "content_type_overrides": {
        "application/x-ndjson": "application/octet-stream",
        "application/zip": "application/octet-stream",
        "image/jpeg": "application/octet-stream",
        "image/png": "application/octet-stream",
        "text/csv": "application/octet-stream",
    },
}


def main() -> int:
    document, package = (Path(one).resolve() for one in sys.argv[1:])
    settings = package.with_name("client-settings.json")
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--config", settings, "--meta", "none", "--output-path", package]
    made = subprocess.run([*command, "--overwrite"], check=False, capture_output=True, text=True, timeout=600)
    settings.unlink()
    told = made.stdout + made.stderr
    warned = set(re.findall(r"WARNING parsing (\S+ \S+) within", told)) | set(re.findall(r"Unable to (?:parse|process) schema (\S+?):?\n", told))
    if made.returncode or warned:
        print(told)
        print("left out:", *sorted(warned))
        return 1
    sys.path.insert(0, str(package.parent.parent))
    modules = [module.name for module in pkgutil.walk_packages([str(package)], "yingda.client.")]
    for module in modules:
        importlib.import_module(module)
    operations = sum(len(item) for item in json.loads(document.read_text(encoding="utf-8"))["paths"].values())
    calls = [module for module in modules if hasattr(sys.modules[module], "asyncio_detailed")]
    print(f"a Python client of {len(calls)} operations in {len(modules)} modules can be imported")
    return 0 if len(calls) == operations else 1


if __name__ == "__main__":
    sys.exit(main())
