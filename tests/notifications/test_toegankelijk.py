"""Every mail in a real browser: WCAG 2.2 AA by axe in light and dark, and nothing wider than a telephone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from flows.berichtenpagina import page_of_all
from flows.schermafdruk import browser as browser_here
from notifications.render import render, template_set
from notifications.voorbeelden import voorbeeld
from statemachines.stelsel import Stelsel

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # A mail is read inside the page of a mail program, which has the one main part already.
    "rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}},
}
KINDS = [
    "aankondiging",
    "aankondiging-gewijzigd",
    "aankondiging-ingetrokken",
    "inbrengmoment-geopend",
    "datum-gewijzigd",
    "ingetrokken",
    "herinnering",
    "uitkomst",
    "uitkomst-gecorrigeerd",
    "stukken-verwacht",
    "stukken-te-laat",
    "besluit-verwacht",
    "verslag-vaststellen",
    "wacht-op-vrijgave",
    "onbestelbaar",
    "maandbericht",
    "aob-overzicht",
    "secretarissen-overzicht",
]
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; without one skipped here and failed in CI."""
    program = browser_here()
    if program is None:
        reason = "Geen browser gevonden; de toegankelijkheid van de mails is niet nagegaan."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-background-networking"])
        yield browser
        browser.close()


def looked_at(chromium: Browser, html: str, scheme: str, width: int) -> tuple[list[str], int]:
    """What axe finds wrong, and how wide the page is."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_content(html)
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]], wide


def test_these_are_all_kinds(mra: Stelsel) -> None:
    assert [soort.slug for soort in mra.berichten] == KINDS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("soort", KINDS)
def test_a_mail_breaks_no_rule_of_wcag_and_fits_on_a_telephone(chromium: Browser, mra: Stelsel, soort: str, scheme: str) -> None:
    bericht, teksten = voorbeeld(mra, soort)
    read = render(template_set().bronnen, soort, bericht.context, teksten)

    wrong, wide = looked_at(chromium, read.html, scheme, 360)

    assert wrong == []
    assert wide <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_title_of_one_endless_word_makes_no_mail_wider_than_a_telephone(chromium: Browser, mra: Stelsel, scheme: str) -> None:
    bericht, teksten = voorbeeld(mra, "inbrengmoment-geopend")
    read = render(template_set().bronnen, "inbrengmoment-geopend", bericht.context, dict.fromkeys(teksten, "W" * 200))

    wrong, wide = looked_at(chromium, read.html, scheme, 360)

    assert (wrong, wide <= 360) == ([], True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_with_all_berichten_breaks_no_rule_either(chromium: Browser, mra: Stelsel, scheme: str) -> None:
    wrong, wide = looked_at(chromium, page_of_all(mra), scheme, 360)

    assert (wrong, wide <= 360) == ([], True)
