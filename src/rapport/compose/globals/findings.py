"""What can be wrong with the words of a list: a code for machines, a sentence for people.

The console says it in its reader's language by the code and its values; where it knows no words for
a code, and for everybody else, there is the sentence.
"""

from __future__ import annotations

from typing import NamedTuple

SENTENCES = {
    "wrong_header": "wrong header: the columns are {columns}",
    "no_csv": "the file is no CSV: {why}",
    "no_workbook": "the file is no Excel workbook (.xlsx)",
    "workbook_too_large": "the workbook is too large",
    "too_many": "the file has {count} responses; a list holds at most {limit}",
    "not_utf8": (
        "invalid character: the file is not UTF-8; save it as “CSV UTF-8 (Comma delimited)”"
        " and upload it again"
    ),
    "null_character": "invalid character: U+0000",
    "text_missing": "the text is missing",
    "text_too_long": "the text has more than {limit} characters",
    "title_too_long": "the title has more than {limit} characters",
    "folder_nameless": "has an empty name before or behind a >",
    "folder_too_long": "has a name of more than {limit} characters",
    "unpaired": "{keys} filter keys and {lists} lines of values",
    "key_twice": "the key {name} stands there twice",
    "key_wrong": "a key has 1 to {limit} characters and no line break",
    "filter_empty": "the filter {name} has no value",
    "value_wrong": "a value of {name} has at most {limit} characters and no line break",
    "insert_unknown": "the insert {{{name}}} is not in the dictionary",
    "value_unknown": "the dictionary does not have {odd} for {name}",
}


class Finding(NamedTuple):
    """One thing that is wrong, or only odd."""

    code: str
    values: dict[str, str]

    @property
    def sentence(self) -> str:
        """What it says to people."""
        return SENTENCES[self.code].format_map(self.values)


def found(code: str, **values: str | int) -> Finding:
    """Return a finding with what its sentence names."""
    return Finding(code, {name: str(value) for name, value in values.items()})
