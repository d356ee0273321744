"""What waits for a person as a page in Prefect: names of recipients, never an address."""

from __future__ import annotations

from collections.abc import Sequence

from flows.opmaak import as_text, markdown_table, plain
from flows.vrijgeven import Gemiste, Klaarstaand, Voorbeeld


def release_page(klaar: Klaarstaand, waarvan: str) -> str:
    """The number, who hears it, how it reads, who is missing and when it goes. ``waarvan`` says what was asked for."""
    lines = ["# Berichten vrijgeven", "", f"{plain(summary(klaar))} Gekeken naar: {plain(waarvan)}.", ""]
    if klaar.aantal:
        lines += [plain(klaar.verzending), ""]
        if klaar.tweede_persoon:
            lines += ["Twee rollen moeten akkoord gaan. De eerste vult het formulier in met 'Geef vrij' aan, daarna een andere rol.", ""]
        lines += ["## Hoeveel", "", *markdown_table(("Soort", "Aantal"), ((s.naam, str(s.aantal)) for s in klaar.soorten)), ""]
    if klaar.voorbeeld is not None:
        lines += _example(klaar.voorbeeld)
    if klaar.ontbreekt:
        lines += _missing("Wie dit niet bereikt", klaar.ontbreekt)
    if klaar.hoort_niet:
        lines += _missing("Voor wie er geen bericht is", klaar.hoort_niet)
    if klaar.aantal:
        names = {s.soort: s.naam for s in klaar.soorten}
        rows = ((names[b.soort], b.naam, b.dossier, b.akkoord_door or "") for b in klaar.berichten)
        lines += ["## Aan wie", "", *markdown_table(("Soort", "Aan", "Dossier", "Akkoord van"), rows), ""]
        lines += ["Akkoord? Vul hetzelfde formulier nog een keer in, met 'Geef vrij' aan. Alleen wat op deze lijst staat, komt vrij."]
    return "\n".join(lines)


def summary(klaar: Klaarstaand) -> str:
    """How many messages wait and how many people miss something, in one or two sentences."""
    if not klaar.aantal:
        return "Er staat niets klaar."
    zin = "1 bericht staat klaar." if klaar.aantal == 1 else f"{klaar.aantal} berichten staan klaar."
    mist = len({g.ontvanger for g in (*klaar.ontbreekt, *klaar.hoort_niet)})
    if mist:
        zin += f" {'1 ontvanger hoort' if mist == 1 else f'{mist} ontvangers horen'} dit niet."
    return zin


def _example(voorbeeld: Voorbeeld) -> list[str]:
    # An indented block shows a mail as it is: whatever was typed in a title or reason cannot become markup in it.
    text = as_text(f"Onderwerp: {voorbeeld.onderwerp}\n\n{voorbeeld.tekst}").splitlines()
    return ["## Zo leest het", "", f"Dit leest {plain(voorbeeld.naam)}:", "", *(f"    {line}" for line in text), ""]


def _missing(kop: str, rows: Sequence[Gemiste]) -> list[str]:
    return [f"## {kop}", "", *markdown_table(("Wie", "Dossier", "Waarom"), ((g.naam, g.dossier, g.waarom) for g in rows)), ""]
