"""What is measured of a listener all the time, and the verdict on it."""

import statistics

# Of anonymous memory, in bytes. In an hour of 200 events a second it is a third of a byte for each event, and some
# fifty bytes for each alert.
TOLERANCE = 256 * 1024


class Figures:
    """The samples of one listener: those at rest before, those under load and those at rest afterwards."""

    def __init__(self, first):
        self.first, self.load, self.last = first, [], None
        self.peaks = dict(first)

    def add(self, moment, sample):
        self.load.append((moment, sample))
        self.peak(sample)

    def peak(self, sample):
        """Notes what is measured more often, only to know the most."""
        for kind, value in sample.items():
            self.peaks[kind] = max(self.peaks[kind], value)

    def median(self, kind, begin, end):
        """Of the samples within a part of the time, from 0 to 1."""
        length = self.load[-1][0]
        found = [sample[kind] for moment, sample in self.load if begin * length <= moment <= end * length]
        return int(statistics.median(found))

    def warm(self, kind):
        return self.median(kind, 0.1, 0.2)

    def end(self, kind):
        return self.median(kind, 0.9, 1)

    def complaints(self):
        """What is not constant."""
        growth = self.end("anonymous") - self.warm("anonymous")
        if growth > TOLERANCE:
            yield f"grows by {growth // 1024} KiB"
        if self.last["descriptors"] != self.first["descriptors"]:
            yield f"{self.last['descriptors'] - self.first['descriptors']:+} descriptors"
        if self.last["children"]:
            yield f"{self.last['children']} children left"
        if self.last["kept"]:
            yield f"{self.last['kept']} left in the spool"


def mebibytes(size):
    return f"{size / 1048576:.2f}"


def table(rows):
    """Rows of cells as lines; the first and the last column are words."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, len(row) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))).rstrip()
        for row in rows)
