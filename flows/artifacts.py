"""What directors see in Prefect: one page per dossier and one overview, as artifacts that keep their history."""

from __future__ import annotations

from datetime import date

from prefect.artifacts import acreate_markdown_artifact

from dossiers.database import reading
from dossiers.geschiedenis import Gebeurtenis
from dossiers.lijst import Regel, lijst
from dossiers.overzicht import Overzicht, overzicht
from flows.house import House
from flows.opmaak import markdown_table, plain, short_day
from flows.pictures import as_image, route_svg

TOP_LINES = 10


async def show_dossier(house: House, slug: str, op: date) -> None:
    """Keeps the page of a dossier and the overview as they are now."""
    with reading(house.engine) as connection:
        verhaal = overzicht(connection, house.stelsel, slug)
        regels = list(lijst(connection, house.stelsel, op))
    await acreate_markdown_artifact(
        dossier_page(verhaal), key=f"dossier-{slug}", description=f"{plain(verhaal.titel)}: {verhaal.fase_naam}"
    )
    await acreate_markdown_artifact(overview_page(regels, op), key="overzicht", description="Waar elk kaderdocument staat")


async def show_overview(house: House, op: date) -> None:
    """Keeps the overview as it is now."""
    with reading(house.engine) as connection:
        regels = list(lijst(connection, house.stelsel, op))
    await acreate_markdown_artifact(overview_page(regels, op), key="overzicht", description="Waar elk kaderdocument staat")


def dossier_page(verhaal: Overzicht) -> str:
    """Where a dossier stands: the picture, what comes, the stappen, what happened."""
    lines = [f"# {plain(verhaal.titel)}", "", f"**{plain(verhaal.fase_naam)}** sinds {short_day(verhaal.sinds)}.", ""]
    if not verhaal.geeindigd:
        lines += [
            f"Volgende moment: **{short_day(verhaal.moment)}**, {verhaal.wat} van {plain(verhaal.wie)}."
            f" Waarom dan: {plain(verhaal.waarom)}.",
            "",
        ]
    lines += [as_image(route_svg(verhaal), f"Route van {verhaal.slug}"), "", "## Stappen", ""]
    rows = ((s.naam, s.status, short_day(s.moment) if s.status != "straks" else "", s.uitkomst, s.gremium) for s in verhaal.stappen)
    lines += markdown_table(("Stap", "Status", "Moment", "Uitkomst", "Gremium"), rows)
    if verhaal.ronde:
        given = [d for d in verhaal.ronde if d.datum is not None]
        lines += ["", f"## Laatste ronde: {len(given)} van {len(verhaal.ronde)} binnen", ""]
        lines += markdown_table(
            ("Deelnemer", "Stand", "Op"), ((d.naam, d.uitkomst or d.staat, short_day(d.datum) if d.datum else "") for d in verhaal.ronde)
        )
    if verhaal.naast:
        lines += ["", "## Naast het besluit", ""]
        lines += markdown_table(("Gremium", "Wat", "Stand"), ((n.naam, n.wat, n.staat) for n in verhaal.naast))
    if verhaal.punten:
        beantwoord = sum(bool(punt.oordeel or punt.gelijkluidend) for punt in verhaal.punten)
        lines += ["", f"Nota van Beantwoording: {beantwoord} van {len(verhaal.punten)} punten beantwoord."]
    lines += ["", "## Wat er gebeurde", ""]
    lines += markdown_table(
        ("Datum", "Wat", "Verzet"),
        ((short_day(g.datum), g.zin + (" (herroepen)" if g.herroepen else ""), _moved(g)) for g in verhaal.geschiedenis),
    )
    return "\n".join(lines)


def _moved(gebeurtenis: Gebeurtenis) -> str:
    """The old and the new day, and why."""
    if gebeurtenis.eerst == gebeurtenis.nu:
        return ""
    waarom = f": {gebeurtenis.tekst}" if gebeurtenis.tekst else ""
    return f"van {short_day(gebeurtenis.eerst)} naar {short_day(gebeurtenis.nu)}{waarom}"


def overview_page(regels: list[Regel], op: date) -> str:
    """Every dossier in at most ten lines: stuk, next moment, on time or why not, who acts; the rest below."""
    running = [regel for regel in regels if not regel.geeindigd]
    late = [regel for regel in running if regel.op_tijd != "op tijd"]
    first = sorted(running, key=lambda regel: (regel.op_tijd == "op tijd", regel.moment or date.max))
    head = ("Stuk", "Staat bij", "Volgende moment", "Op tijd?", "Wie is aan zet")
    lines = [f"# Waar staan de kaderdocumenten? ({short_day(op)})", "", f"{len(running)} lopend, {len(late)} vragen aandacht.", ""]
    lines += markdown_table(head, map(_row, first[:TOP_LINES]))
    if first[TOP_LINES:]:
        lines += ["", "## Verder lopend", "", *markdown_table(head, map(_row, first[TOP_LINES:]))]
    ended = [regel for regel in regels if regel.geeindigd]
    if ended:
        lines += [
            "",
            "## Afgerond",
            "",
            *markdown_table(("Stuk", "Uitkomst", "Op"), ((r.titel, r.stap, short_day(r.sinds)) for r in ended)),
        ]
    return "\n".join(lines)


def _row(regel: Regel) -> tuple[str, ...]:
    binnen = f" ({regel.gegeven} van {regel.gevraagd} binnen)" if regel.gevraagd else ""
    return (regel.titel, regel.stap + binnen, f"{short_day(regel.moment)} {regel.wat}", regel.op_tijd, regel.wie)
