"""The main line of a route as one flat machine, shared by all dossiers on that route."""

from __future__ import annotations

from transitions import Machine

from statemachines.route import CLOSED, REGISTERED, Route


class _Token:
    """Stands on a state for the length of one trigger; the machine keeps no hold of it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class FlatMachine:
    """States and triggers only: no callbacks, so nothing can half-happen, and nothing of a dossier stays behind."""

    def __init__(self, name: str, states: list[str], moves: list[tuple[str, str, str]]) -> None:
        self._moves: dict[str, list[str]] = {state: [] for state in states}
        for trigger, source, dest in moves:
            if source not in self._moves or dest not in self._moves:
                raise ValueError(f"{name}: {source} --{trigger}--> {dest} names no state")
            self._moves[source].append(trigger)
        self._machine = Machine(model=None, states=states, initial=states[0], auto_transitions=False, name=name)
        for trigger, source, dest in moves:
            self._machine.add_transition(trigger, source, dest)

    def triggers(self, state: str) -> tuple[str, ...]:
        """What can happen in this state."""
        return tuple(self._moves.get(state, ()))

    def fire(self, state: str, trigger: str) -> str | None:
        """The state that follows, or None when this trigger does nothing here."""
        if trigger not in self._moves.get(state, ()):
            return None
        token = _Token(state)
        self._machine.events[trigger].trigger(token)
        return token.state


def main_line(route: Route) -> FlatMachine:
    """The machine of a route: one state per stap plus the endings.

    Raises ValueError when a stap or ending is named that the route does not have; loading reports that as a problem first.
    """
    moves: list[tuple[str, str, str]] = []
    for stap in route.stappen:
        moves += [(uitkomst.value, stap.slug, dest) for uitkomst, dest in stap.uitkomsten.items()]
        if stap.ronde is not None:
            moves.append((CLOSED, stap.slug, stap.ronde.volgt))
        if stap.volgt is not None:
            moves.append((REGISTERED, stap.slug, stap.volgt))
    return FlatMachine(route.slug, [deel.slug for deel in route.delen], moves)
