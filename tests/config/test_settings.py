"""Settings from the environment: what works on a laptop, and what real mail asks before it can go."""

from __future__ import annotations

import pytest

from config.settings import Beveiliging, Modus, from_environment
from statemachines.errors import Refused

ECHT = {"KADER_MODUS": "echt", "KADER_SMTP": "mail.kaderroute.example:587"}


def test_without_an_environment_mail_stays_on_this_machine() -> None:
    found = from_environment({})

    assert (found.post.modus, found.post.smtp, found.post.beveiliging) == (Modus.PROEF, "127.0.0.1:8025", Beveiliging.GEEN)
    assert (found.post.verbindingen, found.post.kanalen, found.stelsel_slug) == (2, {}, "mra")


def test_a_variable_that_is_set_to_nothing_is_as_if_it_were_not_set() -> None:
    names = ("KADER_SMTP", "KADER_SMTP_VERBINDINGEN", "KADER_STELSEL")

    assert from_environment(dict.fromkeys(names, "")) == from_environment({})


@pytest.mark.parametrize("name", ["KADER_MODUS", "KADER_SMTP_BEVEILIGING"])
def test_an_empty_mode_or_encryption_is_no_answer(name: str) -> None:
    with pytest.raises(Refused, match=f"{name} '' bestaat niet"):
        from_environment({name: ""})


def test_real_mail_is_encrypted_unless_somebody_says_otherwise() -> None:
    found = from_environment(ECHT).post

    assert (found.modus, found.beveiliging, found.smtp) == (Modus.ECHT, Beveiliging.STARTTLS, "mail.kaderroute.example:587")


@pytest.mark.parametrize("smtp", ["127.0.0.1:25", "localhost:25", "[::1]:25", "127.3.2.1:25"])
def test_a_mail_server_on_this_machine_needs_no_encryption(smtp: str) -> None:
    found = from_environment({**ECHT, "KADER_SMTP": smtp, "KADER_SMTP_BEVEILIGING": "geen"})

    assert found.post.beveiliging is Beveiliging.GEEN


@pytest.mark.parametrize(
    ("environ", "zin"),
    [
        ({"KADER_MODUS": "echt"}, "moet KADER_SMTP de mailserver noemen"),
        ({"KADER_MODUS": "echt", "KADER_SMTP": ""}, "moet KADER_SMTP de mailserver noemen"),
        ({"KADER_MODUS": "productie"}, "KADER_MODUS 'productie' bestaat niet; mogelijk is: proef, echt."),
        ({**ECHT, "KADER_SMTP_BEVEILIGING": "geen"}, "alleen met een mailserver op deze"),
        (
            {**ECHT, "KADER_SMTP": "127.0.0.1.kaderroute.example:25", "KADER_SMTP_BEVEILIGING": "geen"},
            "alleen met een mailserver op deze",
        ),
        (
            {**ECHT, "KADER_SMTP": "localhost.kaderroute.example:25", "KADER_SMTP_BEVEILIGING": "geen"},
            "alleen met een mailserver op deze",
        ),
        ({"KADER_SMTP_BEVEILIGING": "ssl"}, "mogelijk is: geen, starttls, tls."),
        ({"KADER_SMTP": "mail.kaderroute.example"}, "schrijf host:poort"),
        ({"KADER_SMTP": "mail.kaderroute.example:smtp"}, "schrijf host:poort"),
        ({"KADER_SMTP": "mail.kaderroute.example:99999"}, "schrijf host:poort"),
        ({"KADER_SMTP": ":25"}, "schrijf host:poort"),
        ({**ECHT, "KADER_SMTP_GEBRUIKER": "kader"}, "allebei, of geen van beide"),
        ({**ECHT, "KADER_SMTP_WACHTWOORD": "geheim"}, "allebei, of geen van beide"),
        ({"KADER_SMTP_VERBINDINGEN": "0"}, "een getal van 1 tot en met 20"),
        ({"KADER_SMTP_VERBINDINGEN": "21"}, "een getal van 1 tot en met 20"),
        ({"KADER_SMTP_VERBINDINGEN": "²"}, "een getal van 1 tot en met 20"),
        ({"KADER_SMTP_VERBINDINGEN": "9" * 5000}, "een getal van 1 tot en met 20"),
        ({"KADER_KANAAL_": "mmosts://chat.kaderroute.example/geheim"}, "noemt geen rol"),
        ({"KADER_KANAAL_AOB": "geheim"}, "geen adres van Apprise"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_in_one_sentence_without_its_secrets(environ: dict[str, str], zin: str) -> None:
    with pytest.raises(Refused) as refused:
        from_environment(environ)

    assert zin in str(refused.value) and "geheim" not in str(refused.value) and len(str(refused.value)) < 200


def test_a_secret_in_the_place_of_the_mail_server_is_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        from_environment({"KADER_SMTP": "smtp://kader:geheim@mail.kaderroute.example"})

    assert "geheim" not in str(refused.value)


def test_a_channel_belongs_to_the_role_that_its_name_says() -> None:
    found = from_environment({"KADER_KANAAL_SECRETARIS_AV": "mmosts://chat.kaderroute.example/geheim", "KADER_KANAAL_AOB": "json://x"})

    assert set(found.post.kanalen) == {"secretaris-av", "aob"}


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    secrets = {"KADER_SMTP_GEBRUIKER": "kader", "KADER_SMTP_WACHTWOORD": "geheim", "KADER_KANAAL_AOB": "json://geheim"}

    shown = repr(from_environment({**ECHT, **secrets}))

    assert "geheim" not in shown and "mail.kaderroute.example:587" in shown
