"""The service as it runs: `kader start` with a real Prefect server, the deployments of prefect.yaml and a worker."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dossiers import journal
from dossiers.database import connect, reading
from statemachines.journal import Entry

pytestmark = pytest.mark.xdist_group("prefect")
KADER = Path(sys.executable).with_name("kader")
PATIENCE = 180


@dataclass
class Service:
    """A running service and the API of its server."""

    process: subprocess.Popen[str]
    folder: Path
    api: httpx.Client
    inbox: str

    def entries(self, slug: str) -> list[Entry]:
        with reading(connect(f"sqlite:///{self.folder / 'kader.db'}")) as connection:
            return journal.read(connection, "mra", slug)

    def post(self, path: str, **body: Any) -> Any:
        for _ in range(20):
            answer = self.api.post(path, json=body)
            if answer.status_code != 503:  # the server's own SQLite was busy; every Prefect client asks again then
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(d for d in self.post("/deployments/filter") if d["name"] == name)
        return found

    def submit(self, name: str, **formulier: Any) -> dict[str, Any]:
        """Fills in a form as a person does, and waits until the worker has run it."""
        parameters = {"formulier": formulier} if formulier else {}
        run = self.post(f"/deployments/{self.deployment(name)['id']}/create_flow_run", parameters=parameters)
        return self.finished(run["id"])

    def finished(self, ident: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.api.get(f"/flow_runs/{ident}")
            run: dict[str, Any] = answer.json()
            if answer.status_code == 200 and run["state"]["type"] in ("COMPLETED", "FAILED", "CANCELLED", "CRASHED"):
                return run
            time.sleep(0.5)
        raise AssertionError(f"flow run {ident} did not finish: {run}")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("dienst")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "KADER_"))}
    environment |= {"KADER_MAP": str(folder), "KADER_ALS": "aob", "PYTHONUNBUFFERED": "1"}
    facts = subprocess.run([KADER, "stelsel", "neem-over", "--reden", "begin"], env=environment, cwd=folder, capture_output=True, text=True)
    assert facts.returncode == 0, facts.stderr
    process = subprocess.Popen([KADER, "start"], env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline() if process.stdout else ""
            assert line, f"the service ended: {said}"
            said += line
        url = re.search(r"Prefect: (http://\S+)", said)
        inbox = re.search(r"Postvak van de proef: (http://\S+)", said)
        assert url and inbox
        yield Service(process, folder, httpx.Client(base_url=f"{url[1]}/api", timeout=30), inbox[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def test_every_deployment_of_prefect_yaml_is_there_with_its_form_and_its_clock(service: Service) -> None:
    found = {d["name"]: d for d in service.post("/deployments/filter")}

    recording = {"Besluit vastleggen", "Inbreng vastleggen", "Advies vastleggen", "Stuk vastleggen", "Correctie vastleggen"}
    asking = {"Stukken opvragen", "Verzoek beantwoorden", "Datum verzetten", "Uitstel geven"}
    planning = {"Dossier openen", "Routering plannen", "Wat als"}
    assert set(found) == {*recording, *asking, *planning, "Berichten vrijgeven", "Dagronde", "Berichten bezorgen"}
    assert [s["schedule"]["timezone"] for s in found["Dagronde"]["schedules"]] == ["Europe/Amsterdam"]
    besluit = found["Besluit vastleggen"]["parameter_openapi_schema"]["definitions"]["Besluiten"]["properties"]
    assert (besluit["van"]["title"], besluit["bron"]["title"]) == ("Wie besloot?", "Waar staat het?")
    assert (
        besluit["uitkomst"]["enum"][:2] == ["akkoord", "akkoord-met-wijzigingen"] and besluit["datum"]["title"] == "Datum van het besluit"
    )


def test_a_form_through_the_worker_writes_once_even_when_its_run_is_tried_again(service: Service) -> None:
    form = {"dossier": "voortgangsnota-2026", "route": "voortgangsnota", "titel": "Voortgangsnota 2026", "als": "aob"}

    run = service.submit("Dossier openen", **form)
    service.post(f"/flow_runs/{run['id']}/set_state", state={"type": "SCHEDULED", "name": "AwaitingRetry"}, force=True)
    again = service.finished(run["id"])

    assert run["state"]["type"] == "COMPLETED", run["state"]
    assert run["state"]["message"].startswith("Regel 1: dossier voortgangsnota-2026 staat bij 'Bestuur bespreekt het concept'")
    assert "dossier:voortgangsnota-2026" in run["tags"] and run["name"] == "voortgangsnota-2026: in routing"
    assert again["state"]["message"] == run["state"]["message"] and again["run_count"] == 2
    (entry,) = service.entries("voortgangsnota-2026")
    assert (entry.opdracht, entry.via, entry.door) == (run["id"], "prefect", "aob")


def test_a_refused_form_ends_as_cancelled_with_the_sentence_and_writes_nothing(service: Service) -> None:
    service.submit("Dossier openen", dossier="jaarplan-2028", route="jaarplan-begroting", titel="Jaarplan 2028", als="aob")

    run = service.submit("Besluit vastleggen", dossier="jaarplan-2028", van="av", uitkomst="akkoord", als="aob")

    assert run["state"]["type"] == "CANCELLED"
    assert run["state"]["message"].startswith("Algemene Vergadering is nu niet aan de beurt: dossier jaarplan-2028 staat bij")
    assert len(service.entries("jaarplan-2028")) == 1


def test_a_stuk_an_advies_and_uitstel_are_recorded_through_their_forms(service: Service) -> None:
    slug, here = "nota-formulieren", {"dossier": "nota-formulieren", "als": "aob", "op": "2026-12-02"}
    service.submit("Dossier openen", route="voortgangsnota", titel="Nota", **here)

    stuk = service.submit("Stuk vastleggen", stuk="nota", versie="concept", status="intern", onderdelen=["deel 1"], **here)
    advies = service.submit("Advies vastleggen", van="raadtafel", over="proces", tekst="Geef raden tijd", **here)
    passed = service.submit("Besluit vastleggen", van="bestuur", uitkomst="akkoord", **here)
    gevolgd = [{"gremium": "raadtafel", "gevolgd": True}]
    besluit = service.submit("Besluit vastleggen", van="bestuur", uitkomst="akkoord", adviezen=gevolgd, **here)
    nobody = service.submit("Uitstel geven", voor=["almere"], tot_en_met="2027-01-15", reden="Later", **here)

    assert [run["state"]["name"] for run in (stuk, advies, besluit)] == ["Completed"] * 3
    assert passed["state"]["name"] == nobody["state"]["name"] == "Cancelled"
    assert "Zeg wat er met het advies van MRA Raadtafel is gedaan" in passed["state"]["message"]
    assert "loopt geen ronde" in nobody["state"]["message"]
    assert [e.soort.value for e in service.entries(slug)] == ["Geopend", "Stuk", "Inbreng", "Besluit"]


def test_a_vergadering_is_moved_with_spoed_and_papers_are_asked_through_their_forms(service: Service) -> None:
    slug, here = "nota-spoed", {"dossier": "nota-spoed", "als": "aob", "op": "2026-12-02"}
    service.submit("Dossier openen", route="voortgangsnota", titel="Nota", **here)

    everybody = service.submit("Uitstel geven", tot_en_met="2027-03-12", reden="Later", **here)
    again = service.submit("Uitstel geven", tot_en_met="2027-03-12", reden="Later", opnieuw=True, **here)
    nameless = service.submit("Datum verzetten", naar="2026-12-16", reden="Haast", **here | {"als": "Jan Jansen van de Griffie"})
    undated = service.submit("Datum verzetten", naar="2026-02-30", reden="Haast", **here)
    moved = service.submit("Datum verzetten", naar="2026-12-16", reden="Haast", spoed="voorzitter", **here)
    asked = service.submit("Stukken opvragen", stuk="kaarten", van="almere", uiterlijk="2026-12-18", **here)
    given = service.submit("Verzoek beantwoorden", regel=3, staat="verstrekt", **here)

    refused = (everybody, again, nameless, undated)
    assert [run["state"]["name"] for run in refused] == ["Cancelled"] * 4, [run["state"] for run in refused]
    assert "Er loopt geen ronde bij dossier nota-spoed; een vergadering verzet u met" in everybody["state"]["message"]
    assert again["state"]["message"] == "Noem bij 'Voor wie?' de deelnemers die u opnieuw vraagt."
    assert "kan geen naam van een rol zijn" in nameless["state"]["message"]
    assert undated["state"]["message"] == "Bij 'Nieuwe datum' is '2026-02-30' geen datum; schrijf hem als 2027-03-12."
    assert [run["state"]["name"] for run in (moved, asked, given)] == ["Completed"] * 3
    assert "vergadering woensdag 16 december 2026" in moved["state"]["message"]
    entries = service.entries(slug)
    assert [e.soort.value for e in entries] == ["Geopend", "DatumsGezet", "Stuk", "Stuk"] and {e.door for e in entries} == {"aob"}


def test_a_wrong_besluit_is_revoked_through_the_form_of_corrections(service: Service) -> None:
    slug, here = "nota-herroepen", {"dossier": "nota-herroepen", "als": "aob", "op": "2026-12-02"}
    service.submit("Dossier openen", route="voortgangsnota", titel="Nota", **here)
    service.submit("Besluit vastleggen", van="bestuur", uitkomst="akkoord", **here)

    adopted = service.submit("Correctie vastleggen", regel=2, reden="Verslag", vaststelling="vastgesteld", datum="2026-12-02", **here)
    both = service.submit("Correctie vastleggen", regel=2, reden="Verkeerd", herroepen=True, bron="verslag", **here)
    revoked = service.submit("Correctie vastleggen", regel=2, reden="Verkeerd", herroepen=True, **here)

    assert both["state"]["name"] == "Cancelled" and "gaan niet tegelijk" in both["state"]["message"]
    assert revoked["state"]["name"] == "Completed" and "Bestuur bespreekt het concept" in revoked["state"]["message"]
    assert adopted["state"]["name"] == "Completed", adopted["state"]
    assert [e.soort.value for e in service.entries(slug)] == ["Geopend", "Besluit", "Gecorrigeerd", "Gecorrigeerd"]


def test_directors_find_a_page_per_dossier_and_one_overview(service: Service) -> None:
    service.submit("Dossier openen", dossier="jaarplan-2029", route="jaarplan-begroting", titel="Jaarplan <b>2029</b> | x", als="aob")

    artifacts = {a["key"]: a["data"] for a in service.post("/artifacts/latest/filter")}

    page, overview = artifacts["dossier-jaarplan-2029"], artifacts["overzicht"]
    assert "data:image/svg+xml;base64," in page and "<b>" not in page and "\\| x" in page
    assert "Volgende moment" in overview and "MRA Bestuur" in overview
    assert len(overview.split("## ")[0].splitlines()) <= 4 + 2 + 10


def test_a_plan_is_tried_kept_and_asked_what_if_through_the_forms(service: Service) -> None:
    service.submit("Dossier openen", dossier="nota-plan", route="voortgangsnota", titel="Nota", als="aob", op="2026-12-01")

    tried = service.submit("Routering plannen", als="aob", wat="voortgangsnota", op="2026-12-01", zet="av-vrijgave=2027-06-25")
    kept = service.submit("Routering plannen", als="aob", wat="nota-plan", op="2026-12-02", vastleggen=True, reden="Afgesproken")
    what_if = service.submit("Wat als", op="2026-12-02", gremium="bestuur", van="2027-01-22")
    refused = service.submit("Routering plannen", als="aob", wat="nota-plan", op="2026-12-02", vastleggen=True)
    half = service.submit("Wat als", op="2026-12-02", reces_van="2027-01-22")

    assert tried["state"]["message"] == "Haalt Algemene Vergadering op vrijdag 10 december 2027."
    assert kept["state"]["message"].startswith("Regel 2: dossier nota-plan staat bij") and "dossier:nota-plan" in kept["tags"]
    assert what_if["state"]["message"].startswith("De vergadering van MRA Bestuur op vrijdag 22 januari 2027 vervalt.")
    assert [run["state"]["type"] for run in (refused, half)] == ["CANCELLED", "CANCELLED"]
    assert refused["state"]["message"] == "Geef bij vastleggen een reden: waarom is dit zo afgesproken?"
    artifacts = {a["key"]: a["data"] for a in service.post("/artifacts/latest/filter")}
    assert "Geprobeerd plan (niet vastgelegd)" in artifacts["plan-voortgangsnota"]
    page = artifacts["plan-nota-plan"]
    assert "Afgesproken plan" in page and "data:image/svg+xml;base64," in page and "gemeenteraad van Almere" in page
    assert "## Wat schuift" in artifacts["wat-als"] and "nota-plan" in artifacts["wat-als"]
    assert len(service.entries("nota-plan")) == 2


def test_messages_are_looked_at_and_then_given_free_through_their_form(service: Service) -> None:
    slug, here = "nota-vrijgeven", {"dossier": "nota-vrijgeven", "als": "aob", "op": "2027-03-19"}
    service.submit("Dossier openen", route="voortgangsnota", titel="Nota <b>x</b>", **here | {"op": "2026-12-01"})
    service.submit("Besluit vastleggen", van="bestuur", uitkomst="akkoord", **here | {"op": "2027-01-22"})
    service.submit("Besluit vastleggen", van="av", uitkomst="akkoord", **here)

    blind = service.submit("Berichten vrijgeven", geef_vrij=True, **here)
    looked = service.submit("Berichten vrijgeven", soort="inbrengmoment-geopend", **here)
    elsewhere = service.submit("Berichten vrijgeven", geef_vrij=True, soort="ingetrokken", **here)
    given = service.submit("Berichten vrijgeven", geef_vrij=True, **here)
    nobody = service.submit("Berichten vrijgeven", **here | {"als": "Jan Jansen"})
    page = {a["key"]: a["data"] for a in service.post("/artifacts/latest/filter")}["vrijgeven-aob"]

    assert [run["state"]["name"] for run in (blind, elsewhere, nobody)] == ["Cancelled"] * 3
    assert blind["state"]["message"].startswith("Bekijk eerst wat er klaarstaat")
    assert elsewhere["state"]["message"].startswith("Sinds u keek is de lijst veranderd: nu staan er geen berichten klaar.")
    assert looked["name"] == f"Vrijgeven: inbrengmoment-geopend van {slug}"
    many = re.match(r"(\d+) berichten staan klaar\. Lijst en voorbeeld staan bij Artifacts, vrijgeven-aob\.$", looked["state"]["message"])
    assert many and given["state"]["message"] == f"{many[1]} berichten vrijgegeven."
    assert "griffie van Almere" in page and "    Onderwerp: Nota" in page and "Wat u nu vrijgeeft, gaat" in page
    assert ".example" not in page.partition("## Zo leest het")[0] + page.partition("## Aan wie")[2]


def test_the_clock_runs_say_for_which_day_they_ran(service: Service) -> None:
    dagronde, bezorgen = service.submit("Dagronde"), service.submit("Berichten bezorgen")

    assert re.fullmatch(r"dagronde \d\d-\d\d-\d{4}", dagronde["name"])
    assert dagronde["state"]["message"].startswith("Dagronde van ")
    assert bezorgen["state"]["type"] == "COMPLETED", bezorgen["state"]["message"]


def test_a_service_that_is_killed_takes_its_server_and_worker_along(service: Service) -> None:
    service.process.kill()
    service.process.wait(timeout=10)

    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            service.api.get("/health")
        except httpx.TransportError:
            return
        time.sleep(0.5)
    pytest.fail("the Prefect server outlived the service")
