"""A trigger on the main line against the least that `transitions` itself can do on a shared machine."""

from __future__ import annotations

from transitions import Machine

from benchmarks.timing import in_turns, report
from config import MRA
from config.loading import load_stelsel
from statemachines.machine import main_line

TIMES = 2000


class _Model:
    state = "a"


def run() -> None:
    """Ours finds the trigger, makes a token, sets its state and fires; the bare one sets a state and fires."""
    route = next(route for route in load_stelsel(MRA).routes if route.slug == "voortgangsnota")
    line = main_line(route)
    machine = Machine(model=None, states=["a", "b"], initial="a", auto_transitions=False)
    machine.add_transition("go", "a", "b")
    model = _Model()

    def ours() -> None:
        for _ in range(TIMES):
            line.fire("av-vrijgave", "akkoord")

    def bare() -> None:
        for _ in range(TIMES):
            model.state = "a"
            machine.events["go"].trigger(model)

    a, b = in_turns(ours, bare, 15)
    report("trigger", "<= 3 x set_state + trigger", a / b <= 3, verhouding=a / b, ons_us=1e6 * a / TIMES)
