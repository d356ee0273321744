"""What a recipient reads: the same facts in HTML and text, and nothing from a title or reason becomes anything but text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import update

from dossiers import outbox
from dossiers.database import reading, writing
from dossiers.nota import nota
from dossiers.outbox import Bericht
from dossiers.tables import berichten
from flows import correcties, use_cases
from flows.beantwoorden import Puntregel, answer_points
from flows.gezegd import Gezegd
from flows.house import House
from notifications import render as rendering
from notifications.render import Rendered, template_set, templates_in
from statemachines.facts import Adres, Laag
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.kalender import written
from statemachines.payloads import Regime
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import a_day
from tests.notifications.telling import SLUG, a_besluit, a_released, all_as_read, an_actor, an_opened, as_read, let_arrive, move, rows

NASTY = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"\'><a href="https://elders.example">klik</a>&amp;',
    "{{ 7*7 }}{% raw %}{# weg #}{{ ''.__class__.__mro__ }}",
    "Nota\n\nBcc: iedereen@elders.example\n--\nUw griffie",
    "Nota 😀👩‍👩‍👧 en één & één",
    "=?utf-8?q?x?= =?utf-8?q?=0D=0ABcc:_iedereen@elders.example?=",
    ("Zeer lange titel " * 20)[:199] + "!",
    "W" * 200,
    "$titel %s {0} \\n \\x00",
]


class Page(HTMLParser):
    """What a browser makes of a mail: its words, its elements, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return one_line(" ".join(self.words))


def one_line(text: str) -> str:
    return " ".join(text.split())


def play_every_soort(house: House, titel: str = "De nota", reden: str = "De Raadtafel vraagt meer tijd") -> dict[str, Rendered]:
    """One message of each kind, as it comes about on the small stelsel."""
    an_opened(house, titel)
    list(use_cases.daily_round(house, a_day("2026-03-03"), "cli"))
    list(use_cases.daily_round(house, a_day("2026-03-23"), "cli"))
    a_besluit(house, "2026-03-24", "bestuur")
    let_arrive(house)
    move(house, "2026-04-02", "2026-05-29", reden)
    let_arrive(house)
    end_and_answer(house, "av", reden)
    return {bericht.key.soort: read for bericht, read in all_as_read(house)}


def end_and_answer(house: House, van: str, tekst: str, stap: str | None = None) -> None:
    """Almere gave inbreng, the document is adopted with haste, and the answer comes afterwards."""
    gave = Inbreng(soort=InbrengSoort.REACTIE)
    use_cases.register_inbreng(house, an_actor("2026-04-14"), SLUG, "almere", gave, a_day("2026-04-14"), tekst=tekst)
    use_cases.register_besluit(
        house,
        an_actor("2026-04-20"),
        SLUG,
        van,
        Uitkomst.AKKOORD,
        a_day("2026-04-20"),
        reden=tekst,
        stap=stap,
        afwijking="Spoed",
        toegestaan_door="voorzitter",
        standpunten=[Gezegd("almere", Regime.INHOUDELIJK, tekst)],
    )
    let_arrive(house)
    with reading(house.engine) as connection:
        [punt] = nota(connection, "mra", SLUG).punten
    regel = Puntregel(punt.punt, punt.inbreng, tekst, oordeel="deels-overgenomen", antwoord=tekst, effect=tekst)
    answer_points(house, an_actor("2026-04-21"), SLUG, [regel])


def assert_same_facts(bericht: Bericht, read: Rendered) -> None:
    tekst, html = one_line(read.tekst), Page(read.html)
    dates = set(re.findall(r"\w+dag \d+ \w+ \d{4}", tekst))
    assert dates and dates == set(re.findall(r"\w+dag \d+ \w+ \d{4}", html.text))
    links = set(re.findall(r"https://\S+", tekst))
    assert links == {link for link in html.links if link.startswith("https:")}
    assert str(bericht.context["aanhef"]) in tekst and str(bericht.context["aanhef"]) in html.text
    assert ("VOORBEELD" in tekst) == ("VOORBEELD" in html.text) == bool(bericht.context["voorbeeld"])
    for regel in read.tekst.splitlines():
        if regel.startswith("- "):
            assert all(part in html.text for part in regel[2:].split(": ", 1)), regel


def test_every_soort_comes_about_on_the_small_stelsel_and_says_the_same_in_html_and_text(sqlite_house: House) -> None:
    made = play_every_soort(sqlite_house)

    assert tuple(sorted(made)) == templates_in(template_set())
    for bericht, read in all_as_read(sqlite_house):
        assert "De nota" in read.onderwerp and "De nota" in read.tekst and "De nota" in Page(read.html).text
        assert_same_facts(bericht, read)


def test_every_soort_on_the_real_facts_says_the_same_in_html_and_text_and_never_an_ambtelijke_stop(
    sqlite_house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]
) -> None:
    house = sqlite_house
    use_cases.accept_facts(house, an_actor("2026-01-02"), mra, mra_adressen, "begin")
    for route in mra.routes:
        use_cases.open_dossier(house, an_actor("2026-01-05"), f"stuk-{route.slug}", route.slug, "Het stuk", a_day("2026-01-05"))
    list(use_cases.daily_round(house, a_day("2026-01-29"), "cli"))
    use_cases.open_dossier(house, an_actor("2026-01-05"), SLUG, "voortgangsnota", "Voortgangsnota 2025", a_day("2026-01-05"))
    for op, van in (("2026-02-20", "bestuur"), ("2026-03-27", "av")):
        list(use_cases.daily_round(house, a_day(op), "cli"))
        a_besluit(house, op, van)
    let_arrive(house)
    move(house, "2026-04-13", "2026-06-26")
    let_arrive(house)
    end_and_answer(house, "av", "Meer bussen", stap="av-vaststelling")

    made = list(all_as_read(house))

    ambtelijk = [g.naam for g in mra.gremia if g.laag is Laag.AMBTELIJK] + ["In routing gebracht"]
    slack = ["speling", "uiterste datum", "haalbaar", "marge", "haalt de AV niet", "slack"]
    assert {b.key.soort for b, _ in made} == set(templates_in(template_set()))
    for bericht, read in made:
        assert_same_facts(bericht, read)
        public = read.onderwerp + read.tekst + Page(read.html).text
        assert [naam for naam in ambtelijk if naam in public] == []
        assert [word for word in slack if word.lower() in public.lower()] == []


@pytest.mark.parametrize("nasty", NASTY)
def test_a_title_or_reason_is_text_and_nothing_else_in_every_soort(sqlite_house: House, nasty: str) -> None:
    made = play_every_soort(sqlite_house, titel=nasty, reden=nasty)

    assert tuple(sorted(made)) == templates_in(template_set())
    for soort, read in made.items():
        page = Page(read.html)
        assert one_line(nasty) in page.text, soort
        assert one_line(nasty) in one_line(read.tekst) and one_line(nasty) in read.onderwerp
        assert not {"script", "img"} & set(page.tags) and not [link for link in page.links if "elders" in link]
        assert "\n" not in read.onderwerp and "\nBcc:" not in read.tekst and "\n--\nUw" not in read.tekst


def test_a_title_gives_a_mail_with_the_same_elements_as_any_other(sqlite_house: House) -> None:
    a_released(sqlite_house, titel="<b>Nota</b><p>" * 5)
    nasty = as_read(sqlite_house, rows(sqlite_house)[0])
    plain = nasty.html.replace("&lt;b&gt;Nota&lt;/b&gt;&lt;p&gt;" * 5, "De nota")

    assert Page(nasty.html).tags == Page(plain).tags and "<b>" not in nasty.html


def test_an_erased_text_reads_gewist(sqlite_house: House) -> None:
    a_released(sqlite_house, titel="Geheime titel")
    bericht = rows(sqlite_house)[0]

    correcties.erase(sqlite_house, an_actor("2026-03-21"), SLUG, bericht.context["titel"]["tekst"], "verzoek")  # type: ignore[index]

    read = as_read(sqlite_house, bericht)
    assert read.onderwerp == "[gewist]: reageren kan tot en met vrijdag 15 mei 2026"
    assert "Geheime" not in read.html + read.tekst and "[gewist]" in read.html and "[gewist]" in read.tekst


def test_a_message_made_with_older_templates_is_read_with_those(sqlite_house: House) -> None:
    a_released(sqlite_house)
    soort = "inbrengmoment-geopend"
    older = {f"{soort}.onderwerp.txt.j2": "Oud: {{ titel }}", f"{soort}.html.j2": "<p>{{ titel }}</p>", f"{soort}.txt.j2": "{{ van|dag }}"}

    with writing(sqlite_house.engine) as connection:
        outbox.keep_sjablonen(connection, "mra", "a" * 64, json.dumps(older))
        outbox.keep_sjablonen(connection, "mra", "a" * 64, json.dumps({}))
        connection.execute(update(berichten).where(berichten.c.ontvanger == "griffie-almere").values(sjablonen="a" * 64))

    read = {b.key.ontvanger: as_read(sqlite_house, b) for b in rows(sqlite_house)}
    assert read["griffie-almere"] == Rendered("Oud: De nota", "<p>De nota</p>", written(a_day("2026-03-20")))
    assert read["griffie-laren"].onderwerp.startswith("De nota: reageren kan")


def test_a_template_can_reach_nothing_but_what_it_is_given() -> None:
    bronnen = json.dumps({f"x.{vorm}.j2": "{{ titel.__class__.__mro__ }}" for vorm in ("onderwerp.txt", "html", "txt")})

    with pytest.raises(Exception, match="unsafe"):
        rendering.render(bronnen, "x", {"titel": "t"}, {})
