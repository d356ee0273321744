"""A reminder tells the own dates of a council as surely as they are known, and no surer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from notifications.render import Rendered, render, template_set
from notifications.voorbeelden import voorbeeld
from statemachines.stelsel import Stelsel


def reminder(mra: Stelsel, raad: str, **other: object) -> Rendered:
    found, teksten = voorbeeld(mra, "herinnering", raad)
    context: Mapping[str, object] = {**found.context, **other}
    return render(template_set().bronnen, "herinnering", context, teksten)


def test_a_day_by_a_ritme_is_probable_in_subject_heading_and_text(mra: Stelsel) -> None:
    told = reminder(mra, "purmerend")

    assert "kan dat waarschijnlijk nog tot en met" in told.onderwerp
    assert told.onderwerp in told.html and told.onderwerp in told.tekst
    assert "Op tijd voor uw vergadering" not in told.tekst  # the row about aanleveren says it already


@pytest.mark.parametrize(
    ("vraag", "phrase"),
    [
        (True, "Begin uw behandeling: waarschijnlijk uiterlijk {}, klopt dit?"),
        (False, "Begin uw behandeling: uiterlijk {}\n"),
    ],
)
def test_only_a_confirmed_day_is_told_as_a_fact(mra: Stelsel, vraag: bool, phrase: str) -> None:
    own = [{"kort": "Purmerend", "past": "gemeenteraad", "aanleveren": None, "vraag": vraag}]

    told = reminder(mra, "purmerend", eigen=own, laatste="2028-03-28", past=True)

    assert phrase.format("dinsdag 28 maart 2028") in told.tekst
    assert ("waarschijnlijk" in told.onderwerp) is vraag


def test_provinciale_staten_keep_their_capital_among_their_dates(mra: Stelsel) -> None:
    told = reminder(mra, "flevoland")

    assert "Past in uw vergaderschema: Provinciale Staten" in told.tekst
    assert "reactie van Provinciale Staten van Flevoland" in told.tekst
