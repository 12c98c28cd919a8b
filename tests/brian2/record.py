"""Runs every script of this folder with the Brian 2 of this Python and writes its output beside it, NAME.json.

    /usr/bin/python3 tests/brian2/record.py            write all
    /usr/bin/python3 tests/brian2/record.py delays     write some
    /usr/bin/python3 tests/brian2/record.py --check    change nothing; exit 1 where the recorded output is not current
"""
import json
import math
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent
HELPERS = {"case", "record"}
LIMIT_BYTES = 60_000


def run(name):
    result = subprocess.run([sys.executable, "-B", "-W", "ignore", str(FOLDER / (name + ".py"))], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{name}.py failed:\n{result.stderr}")
    return json.loads(result.stdout)


def same(a, b):
    """Equal up to rounding of the last digits, which may differ between mathematics libraries."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-10, abs_tol=1e-12)
    return a == b


def main(words):
    check = "--check" in words
    chosen = [word for word in words if not word.startswith("-")]
    names = chosen or sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in HELPERS)
    stale = []
    for name in names:
        record, path = run(name), FOLDER / (name + ".json")
        if check:
            current = path.exists() and same(json.loads(path.read_text()), record)
            stale += [] if current else [name]
            print(name, "is current" if current else "DIFFERS", flush=True)
            continue
        text = json.dumps(record, separators=(",", ":")) + "\n"
        if len(text) > LIMIT_BYTES:
            raise SystemExit(f"{name}.json would have {len(text)} bytes; record less (limit {LIMIT_BYTES})")
        path.write_text(text)
        count = sum(len(item["steps"]) for item in record["spikes"].values())
        print(f"{name}: {count} spikes, {len(text)} bytes", flush=True)
    if stale:
        raise SystemExit("recorded output is not current: " + ", ".join(stale) + "; run record.py and look at the change")


main(sys.argv[1:])
