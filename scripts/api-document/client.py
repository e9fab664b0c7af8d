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
        if made.returncode or warned:
            print(told)
            print("left out:", *sorted(warned))
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
