"""Organs in a sentence."""

from __future__ import annotations

import pytest

from statemachines.lidwoord import met_lidwoord


@pytest.mark.parametrize(
    ("namen", "zin"),
    [
        ("gemeenteraad van Almere", "de gemeenteraad van Almere"),
        ("college van B en W van Almere", "het college van B en W van Almere"),
        ("Provinciale Staten van Flevoland", "Provinciale Staten van Flevoland"),
        ("dagelijks bestuur van de Vervoerregio Amsterdam", "het dagelijks bestuur van de Vervoerregio Amsterdam"),
        (
            "gemeenteraad van Laren, gemeenteraad van Blaricum en regioraad van de Vervoerregio Amsterdam",
            "de gemeenteraad van Laren, de gemeenteraad van Blaricum en de regioraad van de Vervoerregio Amsterdam",
        ),
        ("", ""),
    ],
)
def test_every_organ_in_a_row_gets_its_own_article(namen: str, zin: str) -> None:
    assert met_lidwoord(namen) == zin
