"""Rows of figures, ratios first, as text and as Markdown."""

import statistics

TITLES = ["", "ours / superlance", "ours", "superlance", "goal"]


def median(values):
    return statistics.median(values) if values else None


def ratio(ours, theirs):
    if not ours or not theirs:
        return "-"
    return f"1/{theirs / ours:.0f}" if theirs / ours >= 9.95 else f"{ours / theirs:.2f}"


def figure(value, unit):
    if value is None:
        return "-"
    if unit == "":
        return f"{value:g}"
    scale = {"ms": 1e3, "µs": 1e6, "MiB": 1 / 1048576}[unit]
    scaled = value * scale
    digits = 0 if abs(scaled) >= 99.5 else 1 if abs(scaled) >= 9.95 else 2
    return f"{scaled:,.{digits}f} {unit}"


class Goal:
    """A goal in words, and whether figures meet it."""

    def __init__(self, words, is_met):
        self.words, self.is_met = words, is_met

    @classmethod
    def at_most(cls, divisor):
        return cls(f"at most 1/{divisor}", lambda ours, theirs: theirs and ours <= theirs / divisor)

    @classmethod
    def under(cls, limit, unit):
        return cls(f"under {figure(limit, unit)}", lambda ours, theirs: ours < limit)


class Table:
    """The rows of one section."""

    def __init__(self, title, explanation):
        self.title, self.explanation, self.rows = title, " ".join(explanation.split()), []
        self.plot = None  # as text of an SVG file

    def plot_name(self):
        return f"benchmarks-{self.title.split()[-1]}.svg"

    def row(self, name, ours, theirs, unit, *goals):
        goal = "; ".join(
            f"{goal.words}: {'yes' if ours is not None and goal.is_met(ours, theirs) else 'NO'}" for goal in goals)
        self.rows.append([name, ratio(ours, theirs), figure(ours, unit), figure(theirs, unit), goal])

    def text(self):
        lines = [[self.title, *TITLES[1:]], *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(5)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if column in (0, 4) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
            for line in lines)

    def markdown(self):
        lines = [[self.title, *TITLES[1:]], [":--", "--:", "--:", "--:", ":--"], *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        plot = f"\n![{self.title}]({self.plot_name()})\n" if self.plot else ""
        return f"## {self.title}\n\n{self.explanation}\n\n{table}\n{plot}"
