"""A bericht that cannot be sent is found before its template is taken over, not when it must go out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config import MRA
from config.loading import load_stelsel
from notifications import keurkamer
from notifications.keuring import keuring
from notifications.render import FOLDER
from statemachines.stelsel import Stelsel

PLAIN = "<p>{{ aanhef }}, {{ titel }}. Mail {{ antwoord_aan }}, {{ ontvanger_naam }}. <a href='https://a.example'>Lees</a></p>"


def named(templates: dict[str, str]) -> dict[str, str]:
    """Templates by file name; a name has __ for a dot and _ for a dash."""
    return {name.replace("__", ".").replace("_", "-") + ".j2": source for name, source in templates.items()}


def wrong_with(mra: Stelsel, **templates: str) -> list[str]:
    """What is wrong when the MRA has these templates of its own."""
    return [str(problem) for problem in keuring(mra.model_copy(update={"sjablonen": named(templates)}), MRA)]


def a_region(tmp_path: Path, **templates: str) -> Path:
    """A folder with the facts of the MRA and templates of its own."""
    folder = tmp_path / "mra"
    shutil.copytree(MRA, folder)
    (folder / "sjablonen").mkdir(exist_ok=True)
    for file, source in named(templates).items():
        (folder / "sjablonen" / file).write_text(source, encoding="utf-8")
    return folder


def wrong_in(folder: Path) -> list[str]:
    return [str(problem) for problem in keuring(load_stelsel(folder), folder)]


def test_what_is_shipped_can_all_be_sent(mra: Stelsel) -> None:
    assert wrong_with(mra) == []


def test_a_template_of_its_own_that_works_is_accepted(mra: Stelsel) -> None:
    problems = wrong_with(
        mra, uitkomst__html=PLAIN, uitkomst__onderwerp__txt="Klaar: {{ titel }}", herinnering__html='{% extends "_basis.html.j2" %}'
        '{% import "_delen.html.j2" as delen %}{% block inhoud %}{{ delen.knop(website, "Lees") }}{% if vervolg %}{{ vervolg }}{% endif %}'
        "{% endblock %}{% block reden_van_bericht %}{{ ontvanger_naam }}{% endblock %}",
    )  # fmt: skip

    assert problems == []


@pytest.mark.parametrize(
    ("templates", "said"),
    [
        ({"uitkomst__txt": "{% if titel %}"}, "uitkomst.txt.j2:1: Dit sjabloon is niet te lezen"),
        ({"uitkomst__txt": "a\n\n{{ titel|bestaat_niet }}"}, "uitkomst.txt.j2:3: Dit sjabloon is niet te"),
        ({"uitkomst__txt": "a\n{{ titel }}\n{{ besluit.kleur }}"}, "uitkomst.txt.j2:3: Bericht 'uitkomst' is hiermee niet te maken"),
        ({"uitkomst__txt": "{% if 1 > 2 %}{{ kleur }}{% endif %}"}, "Bericht 'uitkomst' heeft geen 'kleur'; wel: aanhef"),
        ({"uitkomst__txt": "{% include 'weg.j2' %}"}, "uitkomst.txt.j2:1: Dit sjabloon gebruikt 'weg.j2', en dat is er niet."),
        ({"uitkomst__onderwerp__txt": " "}, "uitkomst.onderwerp.txt.j2:1: Bericht 'uitkomst': het onderwerp is leeg."),
        ({"uitkomst__onderwerp__txt": "a\nb"}, "het onderwerp heeft meer dan een regel."),
        ({"uitkomst__onderwerp__txt": "a" * 201}, "het onderwerp is langer dan 200 tekens."),
        ({"uitkomst__html": PLAIN.replace("</p>", "")}, "uitkomst.html.j2:1: Bericht 'uitkomst': <p> wordt in de HTML niet gesloten."),
        ({"uitkomst__html": PLAIN + "</div>"}, "</div> sluit in de HTML niets."),
        ({"uitkomst__html": PLAIN + "<script>1</script>"}, "<script> hoort niet in een mail"),
        ({"uitkomst__html": PLAIN.replace("href", "name")}, "de HTML heeft geen knop of link."),
        ({"uitkomst__html": PLAIN.replace("{{ ontvanger_naam }}", "")}, "de HTML zegt niet waarom de ontvanger dit krijgt"),
        ({"uitkomst__txt": "{{ ontvanger_naam }}"}, "de tekst noemt niet waar mensen vragen lezen"),
        ({"uitkomst__txt": ""}, "de tekst is leeg."),
        ({"uitkomts__txt": "a"}, "uitkomts.txt.j2:1: Dit sjabloon gebruikt geen enkel bericht; klopt de naam?"),
        ({"uitkomst__txt": "{{ 'x' * 200000 }}"}, "het bericht is langer dan 100 kB"),
    ],
)  # fmt: skip
def test_a_template_that_does_not_work_is_named_with_its_file_and_line(mra: Stelsel, templates: dict[str, str], said: str) -> None:
    problems = wrong_with(mra, **templates)

    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("mra/sjablonen/") for problem in problems)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "waar een sjabloon niet bij mag"),
        ("{{ titel.__init__.__globals__ }}", "waar een sjabloon niet bij mag"),
        ("{{ self.__init__.__globals__ }}", "waar een sjabloon niet bij mag"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "waar een sjabloon niet bij mag"),
        ("{{ ''|attr('__class__')|attr('__mro__') }}", "niet te"),
        ("{{ '{0.__class__.__mro__}'.format(titel) }}", "waar een sjabloon niet bij mag"),
        ("{{ berichten.append(1) }}", "niet te maken"),
        ("{% include '/etc/passwd' %}", "Dit sjabloon gebruikt '/etc/passwd', en dat is er niet."),
        ("{% set f = '../../stelsel.yaml' %}{% include f %}", "gebruikt een sjabloon dat er niet is"),
        ("{% for x in range(10**9) %}{% endfor %}", "iets dat te groot is"),
        ("{% include 'uitkomst.txt.j2' %}", "gebruikt zichzelf"),
    ],
)
def test_a_template_cannot_leave_its_sandbox(mra: Stelsel, source: str, said: str) -> None:
    problems = wrong_with(mra, uitkomst__txt=source)

    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 9999999999 }}",
        "{% set n = namespace(s='x') %}{% for i in range(40) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    ],
)
def test_a_template_that_takes_for_ever_or_fills_the_memory_is_stopped(mra: Stelsel, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(keurkamer, "SECONDS", 3)

    problems = wrong_with(mra, uitkomst__txt=source)

    assert any("duurt te lang" in problem or "te veel geheugen" in problem for problem in problems), problems


def test_a_kind_that_names_an_unknown_template_is_named_with_its_line(tmp_path: Path) -> None:
    folder = a_region(tmp_path)
    file = folder / "berichten.yaml"
    text = file.read_text(encoding="utf-8").replace("sjabloon: herinnering", "sjabloon: herinering")
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("sjabloon: herinering")].count("\n") + 1

    [problem] = wrong_in(folder)

    assert problem.startswith(f"mra/berichten.yaml:{line}: Bericht 'herinnering': er is geen sjabloon 'herinering'")


def test_every_shared_part_can_be_replaced(tmp_path: Path) -> None:
    own = (FOLDER / "_basis.html.j2").read_text(encoding="utf-8").replace("#154273", "#0a5c36")

    folder = a_region(tmp_path)
    (folder / "sjablonen" / "_basis.html.j2").write_text(own, encoding="utf-8")

    assert wrong_in(folder) == []
