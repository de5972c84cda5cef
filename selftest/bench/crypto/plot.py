#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Draw crypto.csv: plot.py CSV SVG. Needs nothing but Python itself."""
import csv
import html
import sys

COLOURS = {"ours": "#0b6e4f", "linux-7.2": "#c8553d", "openssl": "#3b5b92",
           "ipsec-mb": "#8a6fae"}
DASHES = {"generic": "2 4", "avx2": "7 3"}
PANEL_W, PANEL_H, GAP, LEFT, TOP, LEGEND = 420, 240, 70, 70, 60, 34
TITLES = {"seal": "Seal", "open": "Open", "x25519": "X25519, a secret each",
          "x25519-base": "X25519 of the base point", "blake2s": "BLAKE2s",
          "blake2s-mac": "Keyed BLAKE2s (MAC1)"}


def panels(rows):
    """Group rows into panels: (title, x label, {series: [(x, cycles)]})."""
    found = {}
    for r in rows:
        size, batch = int(r["size"]), int(r["batch"])
        sized = r["primitive"] in ("seal", "open", "blake2s", "blake2s-mac")
        key = (r["primitive"], batch if sized else 0)
        title = TITLES[r["primitive"]]
        if sized and batch > 1:
            title += f", batches of {batch}"
        panel = found.setdefault(key, (title, "bytes" if sized else "batch", {}))
        series = panel[2].setdefault((r["impl"], r["path"]), [])
        series.append((size if sized else batch, int(r["cycles_q1"])))
    return list(found.values())


def ticks_of(top):
    """A scale of about five round steps up to top."""
    step = 10 ** (len(str(int(top))) - 1)
    while top / step < 4:
        step /= 2
    return [step * i for i in range(int(top / step) + 2)]


def line(x1, y1, x2, y2, colour="#ddd"):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"/>')


def text(x, y, what, anchor="start", extra=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>'
            f'{html.escape(str(what))}</text>')


def draw_panel(x0, y0, title, label, series):
    per_byte = label == "bytes"
    unit = "cycles per byte" if per_byte else "cycles each"
    xs = sorted({x for points in series.values() for x, _ in points})
    at = {x: x0 + PANEL_W * (i + .5) / len(xs) for i, x in enumerate(xs)}

    def value(x, cycles):
        return cycles / x if per_byte else cycles

    # Portable C would squeeze everybody else to the floor.
    shown = {k: v for k, v in series.items() if k[1] != "generic"} or series
    top = max(value(*p) for points in shown.values() for p in points)
    scale = ticks_of(top)
    out = [text(x0, y0 - 12, f"{title}: {unit}", extra=' font-weight="bold"')]
    for v in scale:
        y = y0 + PANEL_H * (1 - v / scale[-1])
        out += [line(x0, y, x0 + PANEL_W, y), text(x0 - 6, y + 4, f"{v:g}", "end")]
    for x in xs:
        out.append(text(at[x], y0 + PANEL_H + 16, x, "middle"))
    for (impl, path), points in shown.items():
        xy = [(at[x], y0 + PANEL_H * (1 - value(x, c) / scale[-1]))
              for x, c in sorted(points)]
        dash = DASHES.get(path)
        style = f' stroke-dasharray="{dash}"' if dash else ""
        path_d = " ".join(f"{x:.1f},{y:.1f}" for x, y in xy)
        out.append(f'<polyline points="{path_d}" fill="none" stroke-width="2" '
                   f'stroke="{COLOURS[impl]}"{style}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" '
                f'fill="{COLOURS[impl]}"/>' for x, y in xy]
    return out


def draw_legend(names):
    out, x = [], LEFT
    for impl, path in names:
        dash = DASHES.get(path)
        style = f' stroke-dasharray="{dash}"' if dash else ""
        out.append(f'<line x1="{x}" y1="18" x2="{x + 28}" y2="18" stroke-width'
                   f'="2" stroke="{COLOURS[impl]}"{style}/>')
        out.append(text(x + 34, 22, f"{impl} {path}"))
        x += 150
    return out


def main():
    with open(sys.argv[1], newline="") as f:
        rows = list(csv.DictReader(f))
    names = list(dict.fromkeys((r["impl"], r["path"]) for r in rows
                               if r["path"] != "generic"))
    drawn = panels(rows)
    height = LEGEND + TOP + (len(drawn) + 1) // 2 * (PANEL_H + GAP)
    width = LEFT + 2 * (PANEL_W + LEFT) + 20
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
           f'height="{height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/>']
    out += draw_legend(names)
    for i, (title, label, series) in enumerate(drawn):
        out += draw_panel(LEFT + i % 2 * (PANEL_W + LEFT),
                          LEGEND + TOP + i // 2 * (PANEL_H + GAP),
                          title, label, series)
    out.append("</svg>\n")
    with open(sys.argv[2], "w") as f:
        f.write("\n".join(out))


main()
