"""Deliverers killed in the middle of ten thousand messages: nothing is lost, and one kill costs at most one copy."""

from __future__ import annotations

from pathlib import Path

from tests.notifications.kills import kill_deliverers

COUNT, KILLS = 10_000, 10


def test_of_ten_thousand_messages_none_is_lost_and_a_kill_costs_at_most_one_copy_of_the_same_mail(tmp_path: Path) -> None:
    done = kill_deliverers(tmp_path, COUNT, KILLS)

    assert (done.kills, done.lost, done.changed, done.not_verzonden) == (KILLS, 0, 0, 0)
    assert done.copies <= KILLS
