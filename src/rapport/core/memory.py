"""What lives long is not searched for garbage again and again.

The interpreter looks through everything that lives for what only points at itself, and everybody waits
meanwhile: modules and routes took a third of the time under load, and a library of 45,000 texts a pause
of a tenth of a second every few seconds. What was built to stay is set aside instead.
"""

from __future__ import annotations

import gc

# How many new objects make up the youngest generation, and how often the older ones are looked through.
_COLLECT_AFTER = (20_000, 20, 50)


def begin() -> None:
    """Set aside what a process that serves has loaded, and search what is new less often."""
    gc.collect()
    settle()
    gc.set_threshold(*_COLLECT_AFTER)


def settle() -> None:
    """Set aside everything that is there now.

    What nobody holds any more is freed all the same, unless it points at itself: this is for the rare
    moments in which much that stays has been built, a list, a dictionary, a model.
    """
    gc.freeze()
