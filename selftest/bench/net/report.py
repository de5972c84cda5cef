#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Medians and ratios of net.csv: report.py CSV KERNEL_DIR. Draws CSV's .svg."""
import collections
import csv
import html
import os
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
release = open(os.path.join(sys.argv[2], "include/config/kernel.release")).read().strip()
cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
            if line.startswith("model name")), "unknown CPU")
values = collections.OrderedDict()
for r in rows:
    values.setdefault((r["workload"], r["unit"]), {}).setdefault(
        r["module"], {})[int(r["pair"])] = float(r["value"])
LESS_IS_BETTER = ("us", "ms", "s", "bytes", "ns")


def median(of):
    return statistics.median(of.values()) if of else float("nan")


def ratio(ours, ref):
    """Median of the ratios of neighbours: what drifts hits both."""
    both = [ours[p] / ref[p] for p in ours if p in ref and ref[p]]
    return statistics.median(both) if both else float("nan")


table = []
for (work, unit), by in values.items():
    table.append((work, unit, median(by.get("ours", by.get("veth", {}))),
                  median(by.get("ref", {})),
                  ratio(by.get("ours", {}), by.get("ref", {}))))


def beyond_plain():
    """Median over the pairs, of what each driver adds."""
    plain = values[("tcp_plain", "Mbit/s")]["veth"]
    both = values[("tcp_both", "Mbit/s")]
    return statistics.median(
        (1 / both["ours"][p] - 1 / plain[p]) / (1 / both["ref"][p] - 1 / plain[p])
        for p in plain if p in both["ours"] and p in both["ref"])


def our_end(work):
    """Of what an in-tree end costs, which is taken for half of a tunnel."""
    by = values[(work, "Mbit/s")]
    return 2 / ratio(by["ours"], by["ref"]) - 1


def kept(work):
    """Of a stream beside a flood that is dropped before any driver sees it."""
    return ratio(values[(work, "Mbit/s")]["ours"],
                 values[("flood_elsewhere", "Mbit/s")]["ours"])


print(f"\n{cpu}; Linux {release} (UML, one CPU)")
print(f"{'workload':24} {'unit':10} {'ours':>12} {'in-tree':>12} {'ratio':>8}")
for work, unit, ours, ref, r in table:
    print(f"{work:24} {unit:10} {ours:12.6g} {ref:12.6g} {r:8.3g}")
derived = []
if ("tcp_plain", "Mbit/s") in values and ("tcp_both", "Mbit/s") in values:
    derived.append(("tcp CPU beyond plain", beyond_plain()))
for work, what in (("tcp_to_intree", "CPU of our end, sending"),
                   ("tcp_from_intree", "CPU of our end, receiving")):
    if (work, "Mbit/s") in values:
        derived.append((what, our_end(work)))
for work, what in (("flood_bad_mac1", "kept, wrong MAC1"),
                   ("flood_good_mac1", "kept, right MAC1")):
    if (work, "Mbit/s") in values:
        derived.append((what, kept(work)))
for what, value in derived:
    print(f"{what:24} {'':10} {'':12} {'':12} {value:8.3g}")


def draw(path):
    """A bar for each workload: how many times better than the in-tree driver."""
    bars = [(w, u, (1 / r if u in LESS_IS_BETTER else r)) for w, u, _, _, r in table
            if r == r and r > 0]
    top = max([b[2] for b in bars] + [2])
    height = 60 + 26 * len(bars)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{height}" '
           'font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="10" y="22" font-size="15">Times better than the in-tree driver '
           f'({html.escape(cpu)}, Linux {html.escape(release)})</text>']
    for i, (work, unit, times) in enumerate(bars):
        y = 40 + 26 * i
        wide = 520 * min(times, top) / top
        colour = "#0b6e4f" if times >= 1 else "#c8553d"
        out.append(f'<text x="10" y="{y + 14}">{html.escape(work)}</text>'
                   f'<rect x="200" y="{y}" width="{wide:.1f}" height="18" fill="{colour}"/>'
                   f'<text x="{206 + wide:.1f}" y="{y + 14}">{times:.2f}x</text>')
    x = 200 + 520 / top
    out.append(f'<line x1="{x:.1f}" y1="34" x2="{x:.1f}" y2="{height - 12}" '
               'stroke="black" stroke-dasharray="4 3"/></svg>')
    open(path, "w").write("\n".join(out) + "\n")


draw(os.path.splitext(sys.argv[1])[0] + ".svg")
