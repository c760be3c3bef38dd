"""How far what was typed is from what was meant, as people mistype."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rapport.engines.spelling.slips import (
    COSTS,
    begins_alike,
    extra,
    listed,
    missing,
    replaced,
    spelt,
    swapped,
)


class Slips(NamedTuple):
    """The cheapest way to make one word of another: its cost, and the kinds of slips it takes."""

    cost: float
    kinds: tuple[str, ...]


# The cheapest way to some letters of both words: its cost, how many letters of each the last slip
# took, and its kind. A plain tuple: one is made for every pair of letters.
_Way = tuple[float, int, int, str]


def cost(typed: str, meant: str) -> float:
    """The least cost of the slips that make one word of the other."""
    return compare(typed, meant).cost


def compare(typed: str, meant: str, costs: Mapping[str, float] = COSTS) -> Slips:
    """The slips that most likely made one word of the other, at what each kind costs."""
    shorter = min(len(typed), len(meant))
    start = 0
    while start < shorter and typed[start] == meant[start]:
        start += 1
    ends = 0
    while ends < shorter - start and typed[-1 - ends] == meant[-1 - ends]:
        ends += 1
    extras = [
        extra(typed[i], typed[i - 1] if i else "", typed[i + 1 : i + 2])
        for i in range(start, len(typed) - ends)
    ]
    missed = [
        missing(meant[j], meant[j - 1] if j else "", meant[j + 1 : j + 2])
        for j in range(start, len(meant) - ends)
    ]
    if extras and missed:
        unlike = typed[start : len(typed) - ends], meant[start : len(meant) - ends]
        found = _cheapest(*unlike, extras, missed, costs)
    else:
        kinds = tuple(extras or missed)
        found = Slips(sum(costs[kind] for kind in kinds), kinds)
    if start or begins_alike(typed, meant):
        return found
    return Slips(found.cost + costs["first"], found.kinds)


def _cheapest(
    typed: str, meant: str, extras: list[str], missed: list[str], costs: Mapping[str, float]
) -> Slips:
    missing_costs = [costs[kind] for kind in missed]
    total = 0.0
    row: list[_Way] = [(0.0, 0, 0, "")]
    for kind, each in zip(missed, missing_costs, strict=True):
        total += each
        row.append((total, 0, 1, kind))
    rows = [row]
    for i, letter in enumerate(typed):
        above, kind_extra = row, extras[i]
        extra_cost = costs[kind_extra]
        row = [(above[0][0] + extra_cost, 1, 0, kind_extra)]
        for j, wanted in enumerate(meant):
            kind = "" if letter == wanted else replaced(letter, wanted)
            best = above[j][0] + costs[kind] if kind else above[j][0]
            way = (best, 1, 1, kind)
            if (so_far := above[j + 1][0] + extra_cost) < best:
                best, way = so_far, (so_far, 1, 0, kind_extra)
            if (so_far := row[j][0] + missing_costs[j]) < best:
                best, way = so_far, (so_far, 0, 1, missed[j])
            if kind:
                for rows_up, columns, kind_two in _of_two(typed, meant, i, j):
                    so_far = rows[i + 1 - rows_up][j + 1 - columns][0] + costs[kind_two]
                    if so_far < best:
                        best, way = so_far, (so_far, rows_up, columns, kind_two)
            row.append(way)
        rows.append(row)
    return Slips(row[-1][0], _back(rows))


def _of_two(typed: str, meant: str, i: int, j: int) -> list[tuple[int, int, str]]:
    """Slips of two letters that end with these: swapped, or one sound; letters of each and kind."""
    ways = []
    if i and j and typed[i] == meant[j - 1] and meant[j] == typed[i - 1]:
        ways.append((2, 2, swapped(typed[i - 1 : i + 1])))
    if j and (kind := spelt(typed[i], meant[j - 1 : j + 1])):
        ways.append((1, 2, kind))
    if i and (kind := spelt(meant[j], typed[i - 1 : i + 1])):
        ways.append((2, 1, kind))
    return ways


def _back(rows: list[list[_Way]]) -> tuple[str, ...]:
    i, j = len(rows) - 1, len(rows[0]) - 1
    kinds = []
    while i or j:
        _, of_typed, of_meant, kind = rows[i][j]
        if kind:
            kinds.append(kind)
        i, j = i - of_typed, j - of_meant
    return tuple(kinds)


# Endings that sound alike, or that a rule of spelling makes of another: (typed, meant).
_ENDINGS = {
    "en": [
        pair.split(">")
        for pair in listed(
            "icly>ically aly>ally ible>able able>ible ibly>ably ably>ibly ance>ence ence>ance"
            " ant>ent ent>ant antly>ently ently>antly ancy>ency ency>ancy cede>ceed ceed>cede"
            " sede>cede cede>sede tion>sion sion>tion sion>ssion tion>ssion cion>tion shun>tion"
            " full>ful fuly>fully er>or or>er ery>ary ary>ery us>ous ous>us ious>ous ous>ious"
            " eous>ous ous>eous yed>ied ys>ies eing>ing ied>yed eable>able able>eable ise>ice"
            " ice>ise ize>ise yze>yse er>re el>le le>el al>le le>al ley>ly ly>ley emnt>ment"
            " ment>ement ement>ment cial>tial tial>cial cient>tient tious>cious cious>tious"
            " nes>ness les>less ers>ors ors>ers ys>ies ie>y y>ey ey>y"
        )
    ],
    "es": [
        pair.split(">")
        for pair in listed("cion>ción sion>sión ciones>siones siones>ciones xion>xión ia>ía io>ío")
    ],
}


def respelt(lower: str, language: str) -> list[str]:
    """A word with other endings that sound like its own; each is a slip of the kind "ending"."""
    return [
        lower[: -len(typed)] + meant
        for typed, meant in _ENDINGS[language]
        if len(lower) > len(typed) + 2 and lower.endswith(typed)
    ]
