#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Mutation testing: each line of mutants.txt is applied to a copy of src/proto,
and the unit tests, then the simulator, have to fail. Prints a line for each,
and `N passed, N failed, 0 skipped`, where passed means noticed.

Usage: mutate.py [TEXT]; only mutants whose line contains TEXT.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
WORK = TOP / "build/selftest/mutants"
SIM = HERE.parent / "sim"


def mutants():
    for line in (HERE / "mutants.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, old, new = line.split("\t", 2)
            yield name, *(x.replace("\\n", "\n").replace("\\t", "\t")
                         for x in (old, new))


def make(folder, *words):
    """Whether a check passes. A mutant that hangs does not."""
    command = ["make", "-s", "-C", str(folder), "check", "SEED=1",
               f"PROTO={WORK}/src/proto", *words]
    try:
        return subprocess.run(command, capture_output=True,
                              timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def builds():
    command = ["make", "-s", "-C", str(HERE), f"PROTO={WORK}/src/proto",
               f"BUILD={WORK}/unit", "EXTRA_FLAGS=-Wno-error",
               f"{WORK}/unit/proto_test"]
    return subprocess.run(command, capture_output=True).returncode == 0


def noticed_by():
    if not make(HERE, f"BUILD={WORK}/unit", "EXTRA_FLAGS=-Wno-error",
                "TRANSCRIPTS_N=16"):
        return "unit tests"
    if not make(SIM, f"BUILD={WORK}/sim", "EXTRA_FLAGS=-Wno-error",
                "WORLDS=60"):
        return "simulator"
    return None


def restore(name):
    """The original, younger than any object, so that make sees the change."""
    shutil.copyfile(TOP / "src/proto" / name, WORK / "src/proto" / name)


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    shutil.rmtree(WORK / "src", ignore_errors=True)
    shutil.copytree(TOP / "src/proto", WORK / "src/proto")
    if not builds() or noticed_by():
        sys.exit("the code without any mutation does not pass")
    seen = missed = 0
    for name, old, new in mutants():
        label = f"{name}: {old.strip()!r} -> {new.strip()!r}"
        if only not in label:
            continue
        text = (TOP / "src/proto" / name).read_text()
        if text.count(old) != 1:
            print(f"not ok - {label}: occurs {text.count(old)} times")
            missed += 1
            continue
        (WORK / "src/proto" / name).write_text(text.replace(old, new))
        by = noticed_by() if builds() else "nobody, it does not compile"
        good = by in ("unit tests", "simulator")
        print(f"{'ok' if good else 'not ok'} - {label}: {by}", flush=True)
        seen += good
        missed += not good
        restore(name)
    print(f"{seen} passed, {missed} failed, 0 skipped")
    sys.exit(missed != 0)


if __name__ == "__main__":
    os.nice(10)
    os.environ["FIRST"] = "1"
    main()
