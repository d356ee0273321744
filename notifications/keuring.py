"""Checking the berichten of a stelsel before they are used: each template is there, compiles, and makes a mail of a real message."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.nodes import Template

from config.sources import Problem, read
from notifications.keurkamer import Proef, tried
from notifications.render import FORMS, VERZAMELD, environment_of, template_set, templates_in
from notifications.voorbeelden import all_voorbeelden
from notifications.voorbeeldspel import ZINNEN
from statemachines.berichten import known_kinds
from statemachines.errors import FactsRefused
from statemachines.stelsel import Stelsel

LONGEST_SUBJECT = 200
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
REFUSED = frozenset({"script", "form", "iframe", "object", "embed"})
"""What mail programs drop and filters hold against the sender."""
EACH = 3
"""So many messages of each kind are made: the longest ones, for they use most of a template."""


def keuring(stelsel: Stelsel, folder: Path) -> tuple[Problem, ...]:
    """Every problem with the berichten of a stelsel that was read from ``folder``, by file and line; none when all can be sent.

    Templates that a stelsel has of its own are tried in a process that may use little time and memory.
    """
    sjablonen = template_set(stelsel.sjablonen)
    bronnen: dict[str, str] = json.loads(sjablonen.bronnen)
    found = [*_unknown(stelsel, folder, templates_in(sjablonen))]
    parsed, wrong = _parsed(folder.name, bronnen)
    found += wrong
    if not found:
        found = [*_unused(stelsel, folder.name, parsed), *_made(stelsel, folder.name, sjablonen.bronnen, parsed)]
    return tuple(dict.fromkeys(found))


def refuse_wrong_berichten(stelsel: Stelsel, folder: Path) -> None:
    """Raises FactsRefused with every problem when a bericht of this stelsel cannot be sent."""
    problems = keuring(stelsel, folder)
    if problems:
        aantal = "1 probleem" if len(problems) == 1 else f"{len(problems)} problemen; het eerste"
        raise FactsRefused(f"De berichten in {folder.name} kloppen niet: {aantal} is {problems[0]}", problems)


def _unknown(stelsel: Stelsel, folder: Path, known: tuple[str, ...]) -> Iterator[Problem]:
    """Kinds of which the template is not there, at their line."""
    missing = [(i, soort) for i, soort in enumerate(stelsel.berichten) if soort.sjabloon not in known]
    source = read(folder / "berichten.yaml", f"{folder.name}/berichten.yaml") if missing else None
    for i, soort in missing:
        zin = f"Bericht '{soort.slug}': er is geen sjabloon '{soort.sjabloon}' met {', '.join(FORMS)}; wel: {', '.join(known)}."
        assert source is not None
        yield Problem(source.bestand, source.line(("berichten", i, "sjabloon")), zin)


def _parsed(name: str, bronnen: Mapping[str, str]) -> tuple[dict[str, Template], list[Problem]]:
    """Every template as jinja2 reads it, and what is wrong with those that it cannot read or that use one that is not there."""
    environment = environment_of({}, escapes=True)
    parsed, wrong = {}, []
    for file, source in bronnen.items():
        try:
            parsed[file] = environment.parse(source)
        except TemplateSyntaxError as error:
            wrong.append(_own(name, file, error.lineno, f"Dit sjabloon is niet te lezen: {error.message}"))
            continue
        for used in meta.find_referenced_templates(parsed[file]):
            if used is not None and used not in bronnen:
                wrong.append(_own(name, file, 1, f"Dit sjabloon gebruikt '{used}', en dat is er niet."))
    return parsed, wrong


def _unused(stelsel: Stelsel, name: str, parsed: Mapping[str, Template]) -> Iterator[Problem]:
    """Templates of its own that no kind of bericht and no other template uses: most likely a name was misspelt."""
    names = {*(soort.sjabloon for soort in known_kinds(stelsel)), VERZAMELD}
    used = {f"{sjabloon}.{vorm}.j2" for sjabloon in names for vorm in FORMS}
    used |= {found for template in parsed.values() for found in meta.find_referenced_templates(template) if found is not None}
    for file in sorted(stelsel.sjablonen):
        if file not in used:
            yield _own(name, file, 1, "Dit sjabloon gebruikt geen enkel bericht; klopt de naam?")


def _made(stelsel: Stelsel, name: str, bronnen: str, parsed: Mapping[str, Template]) -> Iterator[Problem]:
    """What is wrong with real messages made by these templates."""
    eigen = sorted(stelsel.sjablonen)
    mine: list[tuple[str, Mapping[str, object]]] = []
    shipped: list[tuple[str, Mapping[str, object]]] = []
    for soort, context in _examples(stelsel):
        used = _reached([f"{context['sjabloon']}.{vorm}.j2" for vorm in FORMS], parsed)
        (mine if any(file in stelsel.sjablonen for file in used) else shipped).append((soort, context))
    proeven = tried(bronnen, mine, ZINNEN, eigen) if eigen else []
    for file, proef in zip(eigen, proeven, strict=False):
        if proef.fout:
            yield _own(name, file, proef.regel, f"Dit sjabloon is niet te gebruiken: {proef.fout}.")
    made = [*zip(mine, proeven[len(eigen) :], strict=False), *zip(shipped, tried(template_set().bronnen, shipped, ZINNEN, ()), strict=True)]
    for (soort, context), proef in made:
        yield from _judged(stelsel, name, soort, context, proef, parsed)


def _judged(
    stelsel: Stelsel, name: str, soort: str, context: Mapping[str, object], proef: Proef, parsed: Mapping[str, Template]
) -> Iterator[Problem]:
    main = [f"{context['sjabloon']}.{vorm}.j2" for vorm in FORMS]
    used = _reached(main, parsed)
    where = next((file for file in (*main, *used) if file in stelsel.sjablonen), main[1])
    if proef.fout:
        yield _own(name, proef.bestand or where, proef.regel, f"Bericht '{soort}' is hiermee niet te maken: {proef.fout}.")
        return
    yield from (_own(name, where, 1, f"Bericht '{soort}': {zin}") for zin in _wrong_in(proef, context))
    # Only now: finding the variables of a template reckons out what is constant in it, and this one was tried elsewhere first.
    for file in used:
        if file in stelsel.sjablonen:
            yield from _variables(name, soort, file, parsed, context)


def _examples(stelsel: Stelsel) -> Iterator[tuple[str, Mapping[str, object]]]:
    made = all_voorbeelden(stelsel)
    for soort in known_kinds(stelsel):
        longest = sorted((b for b in made if b.key.soort == soort.slug), key=lambda b: -len(json.dumps(b.context)))
        yield from ((soort.slug, {**b.context, "sjabloon": soort.sjabloon}) for b in longest[:EACH])


def _reached(first: list[str], parsed: Mapping[str, Template]) -> list[str]:
    """These templates and every one that they use."""
    found, todo = [], list(first)
    while todo:
        file = todo.pop(0)
        if file in parsed and file not in found:
            found.append(file)
            todo += [used for used in meta.find_referenced_templates(parsed[file]) if used is not None]
    return found


def _variables(name: str, soort: str, file: str, parsed: Mapping[str, Template], context: Mapping[str, object]) -> Iterator[Problem]:
    """Variables that no message of this kind has, also where the example does not come; what the shipped template uses can be there."""
    environment = environment_of({}, escapes=True)
    shipped = json.loads(template_set().bronnen).get(file, "")
    known = {*context, *environment.globals, "self", "super", "caller", *_used_in(environment.parse(shipped))}
    for variable in sorted(_used_in(parsed[file]) - known):
        yield _own(name, file, 1, f"Bericht '{soort}' heeft geen '{variable}'; wel: {', '.join(sorted(context))}.")


def _used_in(template: Template) -> set[str]:
    """What a template takes from its context: jinja2 counts what is imported on top and used in a block as well."""
    made = {node.target for node in template.find_all(nodes.Import)} | {node.name for node in template.find_all(nodes.Macro)}
    taken = {alias if isinstance(alias, str) else alias[1] for node in template.find_all(nodes.FromImport) for alias in node.names}
    return meta.find_undeclared_variables(template) - made - taken


def _wrong_in(proef: Proef, context: Mapping[str, object]) -> Iterator[str]:
    """What keeps this from being a mail that can be sent."""
    subject = proef.parts["onderwerp.txt"].strip()
    if not subject:
        yield "het onderwerp is leeg."
    if "\n" in subject:
        yield "het onderwerp heeft meer dan een regel."
    if len(subject) > LONGEST_SUBJECT:
        yield f"het onderwerp is langer dan {LONGEST_SUBJECT} tekens."
    page = Page(proef.parts["html"])
    yield from page.wrong
    if not any(link.startswith(("https://", "http://")) for link in page.links):
        yield "de HTML heeft geen knop of link."
    for vorm, text in (("HTML", page.text), ("tekst", proef.parts["txt"])):
        if not text.strip():
            yield f"de {vorm} is leeg."
        elif str(context["ontvanger_naam"]) not in text:
            yield f"de {vorm} zegt niet waarom de ontvanger dit krijgt (ontvanger_naam)."
        elif str(context["antwoord_aan"]) not in text:
            yield f"de {vorm} noemt niet waar mensen vragen lezen (antwoord_aan)."


def _own(name: str, file: str, regel: int, zin: str) -> Problem:
    return Problem(f"{name}/sjablonen/{file}", regel, zin)


class Page(HTMLParser):
    """What a browser makes of a mail: its words and links, and which elements were left open or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.wrong: list[str] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> wordt in de HTML niet gesloten." for tag in self._open]

    @property
    def text(self) -> str:
        """The words, in order."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element that opens."""
        if tag in REFUSED:
            self.wrong.append(f"<{tag}> hoort niet in een mail; mailprogramma's laten het weg.")
        if tag not in VOID:
            self._open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element without content."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Notes an element that closes; it must be the last that opened."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag in self._open:
            while (last := self._open.pop()) != tag:
                self.wrong.append(f"<{last}> wordt in de HTML niet gesloten.")
        else:
            self.wrong.append(f"</{tag}> sluit in de HTML niets.")

    def handle_data(self, data: str) -> None:
        """Notes words."""
        self._words.append(data)
