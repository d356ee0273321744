"""Refusals: situations in which the answer is one Dutch sentence and nothing is written."""


class Refused(Exception):
    """Base of every refusal; ``str(error)`` is the one Dutch sentence with what is and what would be possible."""


class BesluitOutOfTurn(Refused):
    """The gremium is not at this stap, or the uitkomst does not exist here."""


class DossierEnded(Refused):
    """The dossier has reached an ending; nothing moves it any more."""


class DatedAfter(Refused):
    """Something is dated after the day from which we look (``op``)."""


class DatedBefore(Refused):
    """Something is dated before the stap to which it belongs was opened."""


class NotAsked(Refused):
    """The deelnemer is not asked in this ronde, or no ronde is open."""


class NoVergaderingInTime(Refused):
    """No vergadering of the gremium fits."""


class NotCorrectable(Refused):
    """The entry does not exist or can no longer be corrected or revoked."""


class RouteUnsound(Refused):
    """The exhaustive walk of a route found a stap or ronde from which no ending can be reached."""


class UnknownSlug(Refused):
    """A name that nothing in the stelsel or the database carries."""


class AlreadyExists(Refused):
    """A dossier with this slug is open already."""


class FactsRefused(Refused):
    """The facts of a stelsel have problems; the message counts them, ``problems`` lists them."""

    def __init__(self, message: str, problems: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class JournalMovedOn(Refused):
    """The caller said which entry he saw last, and the journal has moved on since."""


class RecordDamaged(Refused):
    """A hash chain or projection does not agree with the journal."""


class Unusable(Refused):
    """Input that cannot be read: a date, a slug, a setting."""


class UnreachableForNow(Exception):
    """Something outside us (a database, a server) is away or busy; the same command can succeed later."""
