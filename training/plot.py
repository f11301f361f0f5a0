"""Draws the figures of the model card as SVG: the loss of a run, and asked against produced section lengths.

    python3 plot.py loss runs/pretrain/log.jsonl runs/sft/log.jsonl --out loss.svg
    python3 plot.py lengths sections.csv --out lengths.svg
"""

import argparse
import csv
import json
import math
from typing import List, Tuple

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 64, 20, 44, 52
COLOURS = ("#0b6e99", "#c2571a", "#4b7f2b")


class Plot:
    def __init__(self, title: str, x: Tuple[float, float], y: Tuple[float, float], x_label: str, y_label: str):
        self.x, self.y = x, y
        self.parts: List[str] = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="12"><title>{title}</title><rect width="100%" height="100%" fill="#fff"/>',
            f'<text x="{LEFT}" y="20" font-size="15" font-weight="600" fill="#222">{title}</text>',
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle" fill="#444">{x_label}</text>',
            f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="#444">{y_label}</text>',
        ]

    def at(self, x: float, y: float) -> Tuple[float, float]:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def ticks(self, xs: List[float], ys: List[float]) -> None:
        for value in xs:
            px, _ = self.at(value, self.y[0])
            self.parts.append(f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>')
            self.parts.append(f'<text x="{px:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444">{value:g}</text>')
        for value in ys:
            _, py = self.at(self.x[0], value)
            self.parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{py:.1f}" y2="{py:.1f}" stroke="#eee"/>')
            self.parts.append(f'<text x="{LEFT - 8}" y="{py + 4:.1f}" text-anchor="end" fill="#444">{value:g}</text>')

    def line(self, points, colour: str, width: float = 1.6, dash: str = "") -> None:
        path = " ".join("%.1f,%.1f" % self.at(x, y) for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>')

    def dot(self, x: float, y: float, colour: str, radius: float = 3, opacity: float = 0.55) -> None:
        px, py = self.at(x, y)
        self.parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius}" fill="{colour}" fill-opacity="{opacity}"/>')

    def legend(self, entries, is_low: bool = False) -> None:
        left, top = (LEFT + 8, HEIGHT - BOTTOM - 18 * len(entries) - 18) if is_low else (WIDTH - RIGHT - 200, TOP)
        self.parts.append(f'<rect x="{left}" y="{top}" width="200" height="{18 * len(entries) + 10}" fill="#fff" fill-opacity="0.85"/>')
        for number, (text, colour) in enumerate(entries):
            x = left + 10
            y = top + 16 + 18 * number
            self.parts.append(f'<rect x="{x}" y="{y - 9}" width="14" height="10" fill="{colour}"/><text x="{x + 20}" y="{y}" fill="#222">{text}</text>')

    def save(self, path: str) -> None:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.parts) + "\n</svg>\n")


def smooth(values: List[float], span: int) -> List[float]:
    result, total = [], 0.0
    for index, value in enumerate(values):
        total += value - (values[index - span] if index >= span else 0.0)
        result.append(total / min(index + 1, span))
    return result


def plot_loss(paths: List[str], out: str) -> None:
    runs = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            runs.append([json.loads(line) for line in lines])
    total = sum(run[-1]["tokens"] for run in runs) / 1e6
    seen = [loss for run in runs for loss in smooth([record["loss"] for record in run], 20)[19:]]
    seen += [record["held_out_loss"] for run in runs for record in run if "held_out_loss" in record]
    low, high = math.floor(2 * min(seen)) / 2, min(6.5, math.ceil(2 * max(seen)) / 2)
    plot = Plot("Training: loss by tokens seen", (0, total), (low, high), "million tokens", "loss, nats per token")
    plot.ticks([value for value in range(0, int(total) + 1, max(1, round(total / 8)))], [low + 0.5 * step for step in range(round(2 * (high - low)) + 1)])
    before = 0.0
    for run in runs:
        losses = smooth([record["loss"] for record in run], 20)
        points = [(before + record["tokens"] / 1e6, min(high, max(low, loss))) for record, loss in zip(run, losses)]
        plot.line(points, COLOURS[0], 1.2)
        held = [(before + record["tokens"] / 1e6, record["held_out_loss"]) for record in run if "held_out_loss" in record]
        for x, y in held:
            plot.dot(x, y, COLOURS[1], 3, 1)
        if before:
            plot.line([(before, low), (before, high)], "#888", 1, "4 4")
        before += run[-1]["tokens"] / 1e6
    plot.legend([("training, mean of 20 steps", COLOURS[0]), ("held-out chapters", COLOURS[1])], is_low=True)
    plot.save(out)


def plot_lengths(path: str, out: str) -> None:
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    forms = list(dict.fromkeys(row["form"] for row in rows))
    plot = Plot("Section lengths: asked and produced, the model by itself", (100, 450), (0, 600), "words asked", "words produced (600: or more)")
    plot.ticks([100, 150, 200, 250, 300, 350, 400, 450], [0, 100, 200, 300, 400, 500, 600])
    plot.line([(100, 100), (450, 450)], "#888", 1, "4 4")
    for number, form in enumerate(forms):
        asked = sorted({int(row["asked"]) for row in rows})
        medians = []
        for words in asked:
            produced = sorted(int(row["produced"]) for row in rows if row["form"] == form and int(row["asked"]) == words)
            for value in produced:
                plot.dot(words + (number - 1) * 7, min(600, value), COLOURS[number % 3], 2.5, 0.35)
            if produced:
                medians.append((words + (number - 1) * 7, min(600, produced[len(produced) // 2])))
        plot.line(medians, COLOURS[number % 3], 2)
    plot.legend([(f"{form} (line: median)", COLOURS[number % 3]) for number, form in enumerate(forms)] + [("dashed: exact", "#888")])
    plot.save(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", choices=["loss", "lengths"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    if options.figure == "loss":
        plot_loss(options.files, options.out)
    else:
        plot_lengths(options.files[0], options.out)


if __name__ == "__main__":
    main()
