"""Write the bill of materials of the bundle, as CycloneDX: `python build_sbom.py PYTHON_OF_THE_BUNDLE`.

Components, licences and their dependencies are read from the environment that the bundle is built in; what serves the
building alone (PyInstaller and what it needs) is left out, and the hash of the weights is added.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from project import DIST, ROOT, VERSION, commit_date, release_name

_ROOT = "snaptex"
# Where the graph begins: what pyproject.toml asks for is not installed as a package of the environment.
_BUILD_ONLY = {"pip", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "macholib", "pefile", "pywin32-ctypes"}


def build_sbom(python: str) -> Path:
    """Write dist/…cdx.json and return it."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cyclonedx_py",
            "environment",
            "--output-reproducible",
            "--gather-license-texts",
            python,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    bom: dict[str, Any] = json.loads(done.stdout)
    bom["components"] = [one for one in bom["components"] if one["name"].lower() not in _BUILD_ONLY]
    kept = {one["bom-ref"] for one in bom["components"]}
    bom["dependencies"] = [
        {**one, "dependsOn": [other for other in one.get("dependsOn", []) if other in kept]}
        for one in bom.get("dependencies", [])
        if one["ref"] in kept
    ]
    needed = {other for one in bom["dependencies"] for other in one["dependsOn"]}
    weights = _weights()
    bom["components"].append(weights)
    bom["dependencies"].append({"ref": _ROOT, "dependsOn": sorted({*kept - needed, weights["bom-ref"]})})
    bom["metadata"] = {
        **bom.get("metadata", {}),
        "timestamp": f"{commit_date()}T00:00:00Z",
        "component": {
            "type": "application",
            "bom-ref": _ROOT,
            "name": "snaptex",
            "version": VERSION,
            "licenses": [{"license": {"id": "MIT"}}],
        },
    }
    target = DIST / f"{release_name()}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(bom, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    _validate(target)
    print(f"{target}: {len(bom['components'])} components")
    return target


def _weights() -> dict[str, Any]:
    content = (ROOT / "resources" / "weights.safetensors").read_bytes()
    return {
        "type": "machine-learning-model",
        "bom-ref": "weights",
        "name": "snaptex-weights",
        "version": VERSION,
        "description": "Described in resources/MODEL_CARD.md",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
    }


def _validate(path: Path) -> None:
    """Check the file against the standard's own schema.

    Raises:
        ValueError: It does not follow it.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = path.read_text(encoding="utf-8")
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error is not None:
        raise ValueError(f"The bill of materials does not follow the schema: {error}")


if __name__ == "__main__":
    build_sbom(sys.argv[1])
