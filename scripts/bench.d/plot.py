"""Curves over logarithmic axes, as SVG."""

from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 50, 60
# Okabe and Ito's colours, which the colour-blind tell apart, too.
COLOURS = ["#0072b2", "#56b4e9", "#d55e00", "#e69f00"]


class Axis:
    """Powers of ten from the one below the least value to the one above the greatest, over so many pixels."""

    def __init__(self, values, start, end):
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.start, self.end = start, end

    def place(self, value):
        return self.start + (self.end - self.start) * (log10(value) - self.low) / (self.high - self.low)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def svg(title, x_title, y_title, curves):
    """The curves by their names, each a list of (x, y) greater than nothing, as text of an SVG file."""
    points = [point for curve in curves.values() for point in curve]
    x_axis = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="13" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="16">{escape(title)}</text>',
    ]
    for value in x_axis.ticks():
        x = x_axis.place(value)
        lines.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        lines.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{value:,.0f}</text>')
    for value in y_axis.ticks():
        y = y_axis.place(value)
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.9g}</text>')
    lines.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">{escape(x_title)}</text>')
    lines.append(
        f'<text transform="translate(22 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_title)}</text>")
    label = None
    for (name, curve), colour in sorted(zip(curves.items(), COLOURS), key=lambda item: -item[0][1][-1][1]):
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in curve]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        lines.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
        # Beside the last point, but not over the name of the curve above.
        label = places[-1][1] + 4 if label is None else max(places[-1][1] + 4, label + 18)
        lines.append(f'<text x="{places[-1][0] + 12:.1f}" y="{label:.1f}" fill="{colour}">{escape(name)}</text>')
    lines.append("</svg>")
    return "\n".join(lines) + "\n"
