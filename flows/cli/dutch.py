"""The command line in Dutch, in one place: headings of the help and the sentences for a mistyped command."""

from __future__ import annotations

import typer
from typer import rich_utils
from typer._click import exceptions as wrong

from flows.cli.output import warn


def application() -> typer.Typer:
    """The empty command with Dutch help."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
    rich_utils.OPTIONS_PANEL_TITLE = "Opties"
    rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
    rich_utils.DEFAULT_STRING = "[standaard: {}]"
    rich_utils.ENVVAR_STRING = "[of {}]"
    rich_utils.REQUIRED_LONG_STRING = "[verplicht]"
    return typer.Typer(
        name="kader",
        help="Kaderroute: kaderdocumenten op hun weg langs gremia, raden en Staten.",
        epilog="Voorbeeld: kader toon --op 2027-03-01",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["--help", "-h"]},
    )


def say_usage_error(error: Exception) -> bool:
    """Says what is wrong with the command line; False when this is no error of that kind."""
    if not isinstance(error, wrong.ClickException):
        return isinstance(error, typer.Abort)
    warn(_sentence(error))
    return True


def _sentence(error: wrong.ClickException) -> str:
    path = error.ctx.command_path if isinstance(error, wrong.UsageError) and error.ctx else "kader"
    more = f" Zie '{path} --help'."
    match error:
        case wrong.NoSuchOption():
            meant = f" Bedoelde u {' of '.join(error.possibilities)}?" if error.possibilities else ""
            return f"De optie {error.option_name} bestaat niet.{meant}{more}"
        case wrong.MissingParameter():
            name = error.param.opts[0] if error.param and error.param.opts else "een argument"
            if error.param and error.param.param_type_name == "argument":
                name = error.param.metavar or name
            return f"{name} ontbreekt.{more}"
        case wrong.BadOptionUsage():
            return f"De optie {error.option_name} is niet goed gebruikt; geef er precies een waarde bij.{more}"
        case wrong.BadParameter():
            name = error.param.opts[0] if error.param and error.param.opts else "een waarde"
            return (
                f"{error.message} ({name}){more}"
                if error.message.endswith(".")
                else f"De waarde bij {name} is niet bruikbaar: {error.message}.{more}"
            )
        case _:
            return f"{_plain(error.message)}{more}"


def _plain(message: str) -> str:
    known = {
        "No such command ": "Deze opdracht bestaat niet: ",
        "Got unexpected extra argument": "Er staat te veel op de regel",
        "Missing command": "Er ontbreekt een opdracht",
    }
    for english, dutch in known.items():
        if message.startswith(english):
            rest = message.removeprefix(english).lstrip("s ").strip(" .")
            return f"{dutch}{rest}." if english.endswith(" ") else f"{dutch} {rest}.".replace(" .", ".")
    return message
