#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Layers, lengths and words of the tree. Prints a row for each rule."""
import collections
import glob
import os
import re
import statistics
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
LAYERS = ["crypto", "src/proto", "src/table", "src/io", "src/peer",
          "src/flow", "src/host", "src"]
LONG_FILES = ("src/flow/", "src/host/", "tools/")
WORDS = r"\bBUG_ON\(|\bBUG\(|\b(TO" r"DO|FIX" r"ME|X" r"XX)\b"
NAMES = r"(^|[/_])(common|utils?|helpers?|misc|manager)([_.]|$)"
KERNEL_FREE = ("crypto/", "src/proto/")
PORTS = ("crypto/port.h", "crypto/simd.h", "crypto/x86/cpu.h")
sources = sorted(f for pattern in ("crypto/**/*.[chS]", "src/**/*.[ch]",
                                   "tools/**/*.[ch]")
                 for f in glob.glob(pattern, recursive=True)
                 if not f.startswith("src/compat/probed/"))
failed = 0


def row(what, faults):
    global failed
    faults = sorted(set(faults))
    failed += bool(faults)
    print(("not ok" if faults else "ok") + " - style: " + what)
    for fault in faults[:20]:
        print("# " + fault)


def layer(path):
    folder = os.path.dirname(path)
    return max((i for i, name in enumerate(LAYERS)
                if folder == name or folder.startswith(name + "/")),
               key=lambda i: len(LAYERS[i]), default=None)


def quoted(path):
    for name in re.findall(r'^\s*#\s*include\s+"([^"]+)"', open(path).read(), re.M):
        beside = os.path.join(os.path.dirname(path), name)
        yield next((p for p in (name, "src/" + name, "tools/" + name,
                                os.path.normpath(beside))
                    if os.path.exists(p)), name)


def functions(path):
    """(line, length of the body, name) of every function."""
    start = name = None
    for n, line in enumerate(open(path), 1):
        if line.startswith("{") and name:
            start = n
        elif line.startswith("}") and start:
            yield start, n - start - 1, name
            start = name = None
        elif re.match(r"[A-Za-z_].*\(", line) and not start:
            name = line.strip()
        elif re.match(r"[A-Za-z#]", line) and "(" not in line and not start \
                and not line.rstrip().endswith(")"):
            name = None if line.startswith(("struct", "enum", "union", "#",
                                            "static const")) else name


def cycles(graph):
    state, found = {}, []

    def walk(node, trail):
        state[node] = 1
        for other in graph[node]:
            if state.get(other) == 1:
                found.append(" -> ".join(trail + [node, other]))
            elif other in graph and other not in state:
                walk(other, trail + [node])
        state[node] = 2
    for node in list(graph):
        if node not in state:
            walk(node, [])
    return found


kernel = [f for f in sources if not f.startswith(("tools/", "src/compat/"))]
row("a file includes its own layer and those below", (
    f"{f} includes {other}" for f in kernel for other in quoted(f)
    if layer(other) is None or layer(other) > layer(f)))
row("no include cycle", cycles({f: list(quoted(f)) for f in sources
                                if f.endswith(".h")}))
row("crypto/ and proto/ name no kernel header but in their ports", (
    f"{f}: {name}" for f in kernel if f.startswith(KERNEL_FREE)
    and f not in PORTS
    for name in re.findall(r"^\s*#\s*include\s+<((?:linux|net|asm)/[^>]+)>",
                           open(f).read(), re.M)))
row("files of 400 lines at most, 600 in flow, host and tools", (
    f"{f}: {n}" for f in sources for n in [sum(1 for _ in open(f))]
    if n > (600 if f.startswith(LONG_FILES) else 400)
    and not f.startswith("tools/test/")))
sizes = [(length, f"{f}:{line} {length} lines: {name}") for f in sources
         if f.endswith(".c") for line, length, name in functions(f)]
row("functions of 60 lines at most",
    (text for length, text in sizes if length > 60))
lengths = sorted(length for length, _ in sizes)
short = lengths[len(lengths) * 9 // 10]
row(f"nine functions in ten under 40 lines ({short}), median "
    f"{statistics.median(lengths):.0f} of {len(lengths)}",
    [] if short < 40 and statistics.median(lengths) <= 13 else ["too long"])
row("no forbidden word", (
    f"{f}:{n}: {line.strip()}" for f in sources
    for n, line in enumerate(open(f), 1) if re.search(WORDS, line)))
row("no file named for nothing in particular",
    (f for f in sources if re.search(NAMES, f)))
row("versions are told apart in compat/ only", (
    f for f in kernel
    if re.search(r"LINUX_VERSION_CODE|KERNEL_VERSION\(", open(f).read())))
row("lines of 80 columns, 100 in tables and macros", (
    f"{f}:{n}" for f in sources for n, line in enumerate(open(f), 1)
    if len(line.rstrip("\n").expandtabs(8)) > 100))
row("every source says its licence", (
    f for f in sources if "SPDX-License-Identifier" not in
    open(f).readline() + open(f).read(200)))
sys.exit(failed > 0)
