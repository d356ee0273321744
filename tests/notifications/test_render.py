"""What a recipient reads: the same facts in HTML and text, and nothing from a title or reason becomes anything but text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import update

from dossiers import outbox
from dossiers.database import writing
from dossiers.outbox import Bericht
from dossiers.tables import berichten
from flows import correcties
from flows.house import House
from notifications import render as rendering
from notifications.mail import build
from notifications.render import Rendered, named_teksten, render, template_set
from notifications.voorbeelden import all_voorbeelden
from notifications.voorbeeldspel import ZINNEN
from statemachines.facts import Laag
from statemachines.kalender import written
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_stelsel
from tests.notifications.telling import SLUG, a_released, an_actor, as_read, rows

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
    "\u202eatoN \u05e0\u05d5\u05d8\u05d4 \u0645\u0630\u0643\u0631\u0629\u202c",
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


def with_the_catalogue(stelsel: Stelsel, mra: Stelsel, **changes: object) -> Stelsel:
    """A small stelsel with every kind of bericht of the MRA, and the roles that hear them."""
    known = {rol.slug for rol in stelsel.rollen}
    rollen = (*stelsel.rollen, *(rol for rol in mra.rollen if rol.slug not in known))
    return stelsel.model_copy(update={"berichten": mra.berichten, "verzending": mra.verzending, "rollen": rollen, **changes})


def made_of(stelsel: Stelsel, teksten: Mapping[str, str] = ZINNEN) -> Iterator[tuple[Bericht, Rendered]]:
    """Every example, read with these texts in the place of its own."""
    bronnen = template_set(stelsel.sjablonen).bronnen
    return ((bericht, render(bronnen, bericht.key.soort, bericht.context, teksten)) for bericht in all_voorbeelden(stelsel))


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w@.-]*\w", re.sub(r"https://\S+", "", text)))


def assert_same_facts(bericht: Bericht, read: Rendered) -> None:
    """Every word of the text stands in the HTML and the other way round, but for the name on top and what is shown before opening."""
    visible = re.sub(
        r"<style>.*?</style>|<title>.*?</title>|<div aria-hidden.*?</div>|<td class=\"bar\".*?</td>", "", read.html, flags=re.DOTALL
    )
    html = Page(visible)
    assert words(read.tekst) == words(html.text), bericht.key
    assert re.findall(r"\w+dag \d+ \w+ \d{4}", one_line(read.tekst)) == re.findall(r"\w+dag \d+ \w+ \d{4}", html.text), bericht.key
    assert set(re.findall(r"https://\S+", read.tekst)) == {link for link in html.links if link.startswith("https:")}, bericht.key
    assert ("VOORBEELD" in read.tekst) == bool(bericht.context["voorbeeld"])


@pytest.mark.parametrize("which", ["small", "mra"])
def test_every_soort_comes_about_and_says_the_same_in_html_and_text(mra: Stelsel, which: str) -> None:
    stelsel = mra if which == "mra" else with_the_catalogue(a_stelsel(), mra)

    made = list(made_of(stelsel))

    assert {bericht.key.soort for bericht, _ in made} == {soort.slug for soort in stelsel.berichten}
    for bericht, read in made:
        assert_same_facts(bericht, read)


def test_what_a_council_hears_never_names_an_ambtelijke_stop_nor_what_planners_know(mra: Stelsel) -> None:
    to_councils = [(bericht, read) for bericht, read in made_of(mra) if "als" in bericht.context or bericht.key.soort == "maandbericht"]

    ambtelijk = [g.naam for g in mra.gremia if g.laag is Laag.AMBTELIJK] + ["In routing gebracht"]
    slack = ["speling", "uiterste datum", "haalbaar", "marge", "haalt de AV niet", "slack"]
    assert len(to_councils) > 20
    for _, read in to_councils:
        public = read.onderwerp + read.tekst + Page(read.html).text
        assert [naam for naam in ambtelijk if naam in public] == []
        assert [word for word in slack if word.lower() in public.lower()] == []


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_write_is_text_and_nothing_else_in_every_soort(mra: Stelsel, nasty: str) -> None:
    stelsel = with_the_catalogue(a_stelsel(), mra)
    plain = {bericht.key: Page(read.html).tags for bericht, read in made_of(stelsel)}

    for bericht, read in made_of(stelsel, dict.fromkeys(ZINNEN, nasty)):
        page = Page(read.html)
        assert page.tags == plain[bericht.key] and not [link for link in page.links if "elders" in link], bericht.key
        assert "\n" not in read.onderwerp and "\nBcc:" not in read.tekst and "\n--\nUw" not in read.tekst
        if named_teksten(bericht.context):
            assert one_line(nasty) in page.text and one_line(nasty) in one_line(read.tekst), bericht.key


@pytest.mark.parametrize("nasty", NASTY)
def test_every_soort_is_a_whole_mail_whatever_people_write(mra: Stelsel, nasty: str) -> None:
    stelsel = with_the_catalogue(a_stelsel(), mra)
    teksten = dict.fromkeys(ZINNEN, nasty)
    headers = {
        b.key: message_from_bytes(build("mra", b, read, "griffie@post.example"), policy=default).keys() for b, read in made_of(stelsel)
    }

    for bericht, read in made_of(stelsel, teksten):
        raw = build("mra", bericht, read, "griffie@post.example")
        mail = message_from_bytes(raw, policy=default)
        assert raw.isascii() and mail.keys() == headers[bericht.key] and not mail.defects
        assert mail["To"].addresses[0].addr_spec == "griffie@post.example" and mail["Bcc"] is None
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None and html is not None
        assert one_line(text.get_content()) == one_line(read.tekst) and Page(html.get_content()).text == Page(read.html).text


@pytest.mark.parametrize("nasty", [n for n in NASTY if "\n" not in n])
def test_the_name_of_a_deelnemer_gremium_or_role_is_text_and_nothing_else_too(mra: Stelsel, nasty: str) -> None:
    small = with_the_catalogue(a_stelsel(), mra)
    named = {
        part: tuple(fact.model_copy(update={"naam": nasty}) for fact in getattr(small, part)) for part in ("deelnemers", "gremia", "rollen")
    }
    plain = {bericht.key: Page(read.html).tags for bericht, read in made_of(small)}

    made = list(made_of(small.model_copy(update=named)))

    assert {bericht.key for bericht, _ in made} == plain.keys()
    for bericht, read in made:
        page = Page(read.html)
        assert page.tags == plain[bericht.key] and not [link for link in page.links if "elders" in link], bericht.key
        assert not message_from_bytes(build("mra", bericht, read, "griffie@post.example"), policy=default).defects


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
    almere = read["griffie-almere"]
    assert (almere.onderwerp, almere.html, almere.tekst) == ("Oud: De nota", "<p>De nota</p>", written(a_day("2026-03-20")))
    assert read["griffie-laren"].onderwerp.startswith("De nota: reageren kan")


def test_a_template_can_reach_nothing_but_what_it_is_given() -> None:
    bronnen = json.dumps({f"x.{vorm}.j2": "{{ titel.__class__.__mro__ }}" for vorm in ("onderwerp.txt", "html", "txt")})

    with pytest.raises(Exception, match="unsafe"):
        rendering.render(bronnen, "x", {"titel": "t"}, {})
