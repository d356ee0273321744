"""An agenda file says on which days there are vergaderingen, whatever program wrote it, or it is said why it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.agenda import read_agenda
from statemachines.errors import Unusable

AGENDAS = Path(__file__).parents[1] / "agendas"
EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261120T090000Z\n{lines}\nSUMMARY:Mevrouw Voorbeeld\nEND:VEVENT\n"
NOT_READABLE = "is de datum of herhaling niet te lezen; bewaar de agenda opnieuw als .ics."
WRONG = {
    "a day that is none": ("DTSTART:volgende week", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "no day": ("LOCATION:Raadzaal", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "a rule and a name of two parts": (
        "DTSTART:20270104T100000\nRRULE:FREQ=WEEKLY;COUNT=2\nUID:nog-een",
        "De herhaling van een afspraak in 'a.ics' klopt niet",
    ),
    "two days": ("DTSTART:20270104T100000\nDTSTART:20270105T100000", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "a day of no agenda": ("DTSTART;VALUE=DATE:99991231", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "a rule that is none": ("DTSTART:20270104T100000\nRRULE:FREQ=SOMS", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "an exception that is none": ("DTSTART:20270104T100000\nEXDATE:nooit", f"Van 1 afspraak in 'a.ics' {NOT_READABLE}"),
    "every hour": ("DTSTART:20270104T100000\nRRULE:FREQ=HOURLY;COUNT=3", "In 'a.ics' herhaalt een afspraak zich meer dan eens per dag"),
    "without end": ("DTSTART:20270104T100000\nRRULE:FREQ=WEEKLY", "zonder einde herhaalt; zeg met --tot-en-met tot welke dag"),
    "a number of times that is none": (
        "DTSTART:20270104T100000\nRRULE:FREQ=YEARLY;COUNT=x",
        NOT_READABLE,
    ),
    "a rule without frequency": ("DTSTART:20270104T100000\nRRULE:COUNT=2", "De herhaling van een afspraak in 'a.ics' klopt niet"),
    "cancelled": ("DTSTART:20270104T100000\nSTATUS:CANCELLED", "geen vergadering die doorgaat (1 afgezegd)"),
}


def a_file(tmp_path: Path, *events: str, head: str = "") -> Path:
    path = tmp_path / "a.ics"
    body = "".join(EVENT.format(uid=f"{i}@mra.example", lines=lines) for i, lines in enumerate(events))
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//hand//NL\n{head}{body}END:VCALENDAR\n", encoding="utf-8")
    return path


def test_an_agenda_of_outlook_gives_the_days_in_amsterdam_of_the_titles_that_were_asked_for() -> None:
    path = AGENDAS / "outlook-av-2027.ics"

    agenda = read_agenda(path, zoek="Algemene vergadering")

    assert agenda.dagen == (date(2027, 3, 19), date(2027, 6, 18), date(2027, 9, 24), date(2027, 12, 10))
    assert (agenda.vanaf, agenda.tot_en_met) == (date(2027, 3, 19), date(2027, 12, 10))
    assert (agenda.afspraken, agenda.afgezegd, agenda.andere) == (4, 0, 1)


def test_an_agenda_of_google_gives_whole_days_and_moments_in_utc_without_what_was_cancelled() -> None:
    path = AGENDAS / "google-raad-almere.ics"

    agenda = read_agenda(path)

    assert agenda.dagen == (date(2027, 1, 28), date(2027, 3, 4), date(2027, 4, 9))
    assert (agenda.afspraken, agenda.afgezegd, agenda.andere) == (4, 1, 0)


def test_a_series_leaves_out_its_exceptions_moves_what_moved_and_counts_its_last_day() -> None:
    path = AGENDAS / "reeks-bestuur.ics"

    agenda = read_agenda(path)

    assert agenda.dagen == (date(2027, 1, 8), date(2027, 3, 12), date(2027, 4, 15), date(2027, 6, 11))
    assert agenda.afgezegd == 1


def test_a_moment_of_a_series_with_a_title_of_its_own_is_found_by_that_title() -> None:
    path = AGENDAS / "reeks-bestuur.ics"

    agenda = read_agenda(path, "verplaatst")

    assert (agenda.dagen, agenda.andere) == ((date(2027, 4, 15),), 2)


def test_a_series_without_end_is_unfolded_up_to_and_including_the_end_of_the_period() -> None:
    path = AGENDAS / "zonder-einde.ics"

    agenda = read_agenda(path, "college", date(2027, 1, 10), date(2027, 1, 26))

    assert agenda.dagen == (date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 26))
    assert (agenda.vanaf, agenda.tot_en_met) == (date(2027, 1, 10), date(2027, 1, 26))


def test_a_series_without_end_is_no_matter_when_something_else_was_asked_for() -> None:
    path = AGENDAS / "zonder-einde.ics"

    agenda = read_agenda(path, "raad")

    assert (agenda.dagen, agenda.andere) == ((date(2027, 2, 4),), 1)


def test_appointments_with_one_uid_all_count(tmp_path: Path) -> None:
    path = a_file(tmp_path, "DTSTART;VALUE=DATE:20270104", "DTSTART;VALUE=DATE:20270105", "DTSTART;VALUE=DATE:20270106")
    path.write_text(path.read_text(encoding="utf-8").replace("UID:1@", "UID:0@").replace("UID:2@", "UID:0@"), encoding="utf-8")

    agenda = read_agenda(path)

    assert agenda.dagen == (date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6))


@pytest.mark.parametrize("until", ["20270118", "20270118T080000Z", "20270118T090000"])
@pytest.mark.parametrize(
    "start", ["DTSTART;TZID=Europe/Amsterdam:20270104T090000", "DTSTART:20270104T080000Z", "DTSTART;VALUE=DATE:20270104"]
)
def test_a_series_counts_its_last_day_however_that_is_written(tmp_path: Path, start: str, until: str) -> None:
    path = a_file(tmp_path, f"{start}\nRRULE:FREQ=WEEKLY;UNTIL={until}")

    agenda = read_agenda(path)

    assert agenda.dagen == (date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18))


def test_a_file_that_withdraws_its_appointments_gives_no_days(tmp_path: Path) -> None:
    path = a_file(tmp_path, "DTSTART;VALUE=DATE:20270104", head="METHOD:CANCEL\n")

    with pytest.raises(Unusable, match=r"geen vergadering die doorgaat \(1 afgezegd\)"):
        read_agenda(path)


def test_an_agenda_with_a_mark_at_its_beginning_and_several_calendars_is_read_whole(tmp_path: Path) -> None:
    first = a_file(tmp_path, "DTSTART;VALUE=DATE:20270104").read_text(encoding="utf-8")
    second = a_file(tmp_path, "DTSTART;VALUE=DATE:20270105").read_text(encoding="utf-8")
    path = tmp_path / "twee.ics"
    path.write_text(first + second, encoding="utf-8-sig", newline="\r\n")

    agenda = read_agenda(path)

    assert agenda.dagen == (date(2027, 1, 4), date(2027, 1, 5))


@pytest.mark.parametrize("wat", WRONG)
def test_an_appointment_that_cannot_be_placed_is_refused_and_its_title_is_not_told(tmp_path: Path, wat: str) -> None:
    lines, zin = WRONG[wat]
    path = a_file(tmp_path, lines)

    with pytest.raises(Unusable) as refused:
        read_agenda(path)

    assert zin in str(refused.value) and "Mevrouw" not in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"", b"Notulen", b"\xff\xfe\x00", b"BEGIN:VCARD\nVERSION:4.0\nFN:x\nEND:VCARD\n", b"BEGIN:VCALENDAR\n"]
)
def test_a_file_that_is_no_agenda_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(content)

    with pytest.raises(Unusable, match=r"'a\.ics' is geen agendabestand in iCalendar; bewaar de agenda opnieuw als \.ics"):
        read_agenda(path)


def test_an_agenda_without_appointments_or_without_the_title_or_the_file_itself_is_refused(tmp_path: Path) -> None:
    empty = a_file(tmp_path)

    with pytest.raises(Unusable, match=r"In 'a\.ics' staat geen enkele afspraak"):
        read_agenda(empty)
    with pytest.raises(Unusable, match=r"Geen van de 3 afspraken in 'reeks-bestuur\.ics' heeft 'AV' in de titel; kies een andere tekst"):
        read_agenda(AGENDAS / "reeks-bestuur.ics", "AV")
    with pytest.raises(Unusable, match=r"Het bestand 'nee\.ics' bestaat niet"):
        read_agenda(tmp_path / "nee.ics")
    with pytest.raises(Unusable, match="is niet te lezen"):
        read_agenda(tmp_path)


def test_a_period_that_is_upside_down_or_empty_is_refused() -> None:
    path = AGENDAS / "reeks-bestuur.ics"

    with pytest.raises(Unusable, match="eindigt op vrijdag 1 januari 2027, voor het begin op maandag 1 februari 2027"):
        read_agenda(path, vanaf=date(2027, 2, 1), tot_en_met=date(2027, 1, 1))
    with pytest.raises(Unusable, match="staat in deze periode geen vergadering; kies een andere periode"):
        read_agenda(path, vanaf=date(2028, 1, 1))
