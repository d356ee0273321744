"""The command line in Dutch, in one place: the help, and the sentences for a mistyped command."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import typer
from typer._click import exceptions as wrong
from typer._click.core import Command, Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

from flows.cli.output import warn

EXTRA = "Got unexpected extra argument(s) "


class _DutchHelp(Command):
    """A usage line and a help option in Dutch; values are TEKST where an option does not name them better."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        # Imported here: drawing help costs more than most commands do.
        from typer import rich_utils

        rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
        rich_utils.OPTIONS_PANEL_TITLE = "Opties"
        rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
        rich_utils.DEFAULT_STRING = "[standaard: {}]"
        rich_utils.ENVVAR_STRING = "[of {}]"
        rich_utils.REQUIRED_LONG_STRING = "[verplicht]"
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Gebruik: ")

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help, option.metavar = "Toon deze uitleg.", ""
        return option


class Opdracht(_DutchHelp, TyperCommand):
    """A command."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **{**settings, "options_metavar": "[OPTIES]"})
        for param in self.params:
            if isinstance(param, TyperOption) and param.metavar is None:
                param.metavar = "" if param.is_flag else "TEKST"

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """The words as values; one such as -/maandbericht/leden-almere is no option, but names a bericht that is about no dossier."""
        keys = [word for word in args if word.startswith("-/")]
        if keys and "--" not in args:
            args = [*(word for word in args if word not in keys), "--", *keys]
        return super().parse_args(ctx, args)


class Groep(_DutchHelp, TyperGroup):
    """A group of commands, which suggests the one that was meant."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "options_metavar": "", "subcommand_metavar": "OPDRACHT ..."})

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The command that is named. Raises UsageError in Dutch when there is none."""
        if self.get_command(ctx, args[0]) is None:
            near = get_close_matches(args[0], self.commands)
            raise wrong.UsageError(f"De opdracht '{args[0]}' bestaat niet" + _meant(near), ctx)
        return super().resolve_command(ctx, args)


def _beginning_with(eerst: str) -> type[Groep]:
    """A group in which a first word that is no command is a dossier, for the command ``eerst``."""

    class Eerst(Groep):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.subcommand_metavar = "DOSSIER|OPDRACHT ..."

        def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
            known = {*self.commands, *ctx.help_option_names}
            return super().parse_args(ctx, [eerst, *args] if args and args[0] not in known else args)

    return Eerst


class _Opdrachten(typer.Typer):
    """Registers commands with Dutch help."""

    def command(self, name: str | None = None, **settings: Any) -> Any:
        return super().command(name, cls=Opdracht, **settings)


def application() -> typer.Typer:
    """The empty command with Dutch help."""
    return _Opdrachten(
        name="kader",
        cls=Groep,
        help="Kaderroute: kaderdocumenten op hun weg langs gremia, raden en Staten.",
        epilog="Voorbeeld: kader toon --op 2027-03-01",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["--help", "-h"]},
    )


def group(help: str, epilog: str, eerst: str | None = None) -> typer.Typer:
    """An empty group of commands with Dutch help; ``eerst`` is the command that is meant when none is named."""
    cls = _beginning_with(eerst) if eerst else Groep
    return _Opdrachten(cls=cls, help=help, epilog=epilog, no_args_is_help=True, rich_markup_mode="rich")


MISTYPED = (wrong.ClickException, typer.Abort)
"""What the command line raises for a command that cannot be read."""


def say_usage_error(error: Exception) -> None:
    """Says in one sentence what is wrong with the command line."""
    if isinstance(error, wrong.ClickException):
        path = error.ctx.command_path if isinstance(error, wrong.UsageError) and error.ctx else "kader"
        warn(f"{_what(error)}; zie '{path} --help'.")


def _what(error: wrong.ClickException) -> str:
    match error:
        case wrong.NoArgsIsHelpError():
            return "Er ontbreekt een opdracht"
        case wrong.NoSuchOption():
            return f"De optie {error.option_name} bestaat niet" + _meant(error.possibilities or ())
        case wrong.MissingParameter():
            return f"{_name(error)} ontbreekt"
        case wrong.BadOptionUsage() if "requires" in error.message:
            return f"De optie {error.option_name} mist een waarde"
        case wrong.BadOptionUsage():
            return f"De optie {error.option_name} krijgt geen waarde"
        case wrong.BadParameter():
            return f"{error.message.rstrip('.')} ({_name(error)})"
        case _ if error.message.startswith(EXTRA):
            return f"Er staat te veel op de regel: {error.message.removeprefix(EXTRA).strip('()')}"
        case _:
            return error.message.rstrip(".")


def _name(error: wrong.BadParameter) -> str:
    param = error.param
    if param is None:
        return "een waarde"
    return str(param.opts[0] if isinstance(param, TyperOption) else param.human_readable_name).strip("[]")


def _meant(possible: Any) -> str:
    return f" (bedoelde u {' of '.join(possible)}?)" if possible else ""
