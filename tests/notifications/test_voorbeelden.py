"""An example is a real message: it comes of the domain, for the stelsel that asks, and nothing of it is kept."""

from __future__ import annotations

import pytest

from dossiers.outbox import Bericht
from notifications.render import Rendered, render, template_set
from notifications.voorbeelden import all_voorbeelden, hearers_of, voorbeeld
from statemachines.errors import Refused, UnknownSlug
from statemachines.stelsel import Stelsel
from tests.makers import a_kalender, a_stelsel
from tests.notifications.test_render import with_the_catalogue


def read(stelsel: Stelsel, soort: str, raad: str | None = None) -> tuple[Bericht, Rendered]:
    bericht, teksten = voorbeeld(stelsel, soort, raad)
    return bericht, render(template_set(stelsel.sjablonen).bronnen, soort, bericht.context, teksten)


def test_every_kind_of_the_region_has_an_example_that_says_that_it_is_one(mra: Stelsel) -> None:
    for soort in mra.berichten:
        bericht, rendered = read(mra, soort.slug)

        assert bericht.key.soort == soort.slug
        assert "VOORBEELD" in rendered.html and "VOORBEELD" in rendered.tekst


def test_an_example_for_a_raad_is_what_its_griffie_reads_with_its_own_dates(mra: Stelsel) -> None:
    bericht, rendered = read(mra, "inbrengmoment-geopend", "purmerend")

    assert bericht.key.ontvanger == "griffie-purmerend"
    assert "gemeenteraad van Purmerend" in rendered.tekst and "Past in uw vergaderschema" in rendered.tekst


def test_the_uitkomst_for_a_raad_answers_what_that_raad_gave(mra: Stelsel) -> None:
    _, rendered = read(mra, "uitkomst", "haarlem")

    assert "Wat er met uw inbreng is gedaan" in rendered.tekst and "Deels overgenomen" in rendered.tekst


def test_another_region_has_its_own_examples_on_its_own_calendar(mra: Stelsel) -> None:
    small = with_the_catalogue(a_stelsel(), mra)

    bericht, rendered = read(small, "inbrengmoment-geopend", "laren")

    assert bericht.key.ontvanger == "griffie-laren" and "2026" in rendered.onderwerp


def test_facts_from_before_the_catalogue_have_examples_of_the_kinds_of_that_time() -> None:
    made = {bericht.key.soort for bericht in all_voorbeelden(a_stelsel())}

    assert {"inbrengmoment-geopend", "datum-gewijzigd", "ingetrokken", "uitkomst", "besluit-verwacht"} <= made


def test_a_kind_that_is_switched_off_has_an_example_all_the_same(mra: Stelsel) -> None:
    off = tuple(s.model_copy(update={"aan": s.slug != "herinnering"}) for s in mra.berichten)

    bericht, _ = read(mra.model_copy(update={"berichten": off}), "herinnering")

    assert bericht.key.soort == "herinnering"


def test_a_kind_that_cannot_come_about_says_why(mra: Stelsel) -> None:
    no_av = with_the_catalogue(a_stelsel(kalenders=[a_kalender("bestuur", "2026-03-20")]), mra)

    with pytest.raises(Refused, match="Van 'Stukken te laat' is in dit stelsel geen voorbeeld te maken, omdat geen vergadering"):
        voorbeeld(no_av, "stukken-te-laat")


def test_a_stelsel_that_asks_nobody_has_no_examples(mra: Stelsel) -> None:
    silent = with_the_catalogue(a_stelsel(), mra, routes=())

    assert all_voorbeelden(silent) == ()
    with pytest.raises(Refused, match="geen voorbeeld te maken"):
        voorbeeld(silent, "uitkomst")


def test_an_unknown_kind_or_raad_is_refused_with_those_that_exist(mra: Stelsel) -> None:
    with pytest.raises(UnknownSlug, match="Er is geen bericht 'brief' in het stelsel mra; wel: aankondiging, "):
        voorbeeld(mra, "brief")
    with pytest.raises(UnknownSlug, match="Er is geen deelnemer 'atlantis'"):
        voorbeeld(mra, "uitkomst", "atlantis")


def test_whoever_hears_for_a_deelnemer_begins_with_the_griffie_of_its_raad(mra: Stelsel) -> None:
    assert hearers_of(mra, "almere") == ("griffie-almere", "leden-almere", "adviseur-almere")
