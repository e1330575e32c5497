"""The command line: recolour, restyle and analyse photos and make prints, without Django.

Exit codes: 0 done, 1 refused by the quality gate, 2 usage or unreadable input.
"""

from ..errors import OscarGanError
from .analysing import analyse
from .options import parse
from .output import UNUSABLE, complain
from .printing import make_print
from .recolouring import recolour
from .restyling import restyle


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parse(
        arguments, recolour=recolour, restyle=restyle, analyse=analyse, make_print=make_print
    )
    try:
        return options.run(options)
    except OscarGanError as error:
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename or 'The file'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        complain("Interrupted; nothing half-written is left.")
    except Exception as error:  # a person typed this: a sentence serves better than a traceback
        complain(f"Unexpected {type(error).__name__}: {error}. Please report it with the photo.")
    return UNUSABLE
