"""Phrase completion: what an agent goes on to write, in the words the company uses."""

from rapport.engines.completion.completer import Completer, Phrase, Rules, Source
from rapport.engines.completion.counting import Line, train
from rapport.engines.completion.model import Model, ModelRefused
from rapport.engines.completion.typing import Figures, judged, taught
from rapport.engines.completion.wording import Wording

__all__ = [
    "Completer",
    "Figures",
    "Line",
    "Model",
    "ModelRefused",
    "Phrase",
    "Rules",
    "Source",
    "Wording",
    "judged",
    "taught",
    "train",
]
