"""Organs in a sentence: their names carry no article, a sentence does."""

from __future__ import annotations

import re

_BEGIN = re.compile(r"(?:^|(?<=, )|(?<= en ))(?=[a-z])")
_HET = ("college", "dagelijks bestuur")


def met_lidwoord(namen: str) -> str:
    """One organ or a row of them in a sentence: de gemeenteraad van Almere en het college van Almere, Provinciale Staten van Flevoland."""
    return _BEGIN.sub(lambda begin: "het " if namen.startswith(_HET, begin.end()) else "de ", namen)
