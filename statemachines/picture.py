"""A route as a picture in text."""

from __future__ import annotations

from statemachines.route import Route


def mermaid(route: Route) -> str:
    """The main line as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_safe(deel.naam)}" as {_name(deel.slug)}' for deel in route.delen]
    lines.append(f"    [*] --> {_name(route.stappen[0].slug)}")
    for stap in route.stappen:
        arrows: dict[str, list[str]] = {}
        for uitkomst in stap.possible:
            arrows.setdefault(stap.uitkomsten[uitkomst], []).append(uitkomst.label)
        if stap.ronde is not None:
            arrows.setdefault(stap.ronde.volgt, []).append(f"na {stap.ronde.termijn.weken} weken")
        if stap.volgt is not None:
            arrows.setdefault(stap.volgt, []).append("in routing gebracht")
        lines += [f"    {_name(stap.slug)} --> {_name(dest)}: {', '.join(labels)}" for dest, labels in arrows.items()]
    lines += [f"    {_name(einde.slug)} --> [*]" for einde in route.eindes]
    return "\n".join(lines)


def _name(slug: str) -> str:
    return slug.replace("-", "_")


def _safe(naam: str) -> str:
    return naam.replace('"', "'").replace("\n", " ")
