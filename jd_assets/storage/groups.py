"""Which names a model is asked about together.

A name's group is fixed the first time that anybody asks about it, before the request is made. So every later
day, and every process at the same time, makes the same request, and the ledger pays for it once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import islice

import sqlalchemy as sa

from jd_assets.storage.sql import METADATA, where_in

GROUPS = sa.Table(
    "llm_groups",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("spelling", sa.String, nullable=False),
    sa.Column("group_id", sa.String, nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
)


def grouped(connection: sa.Connection, spellings: Mapping[str, str], most: int) -> dict[str, tuple[str, ...]]:
    """The group of each name: the spellings that are asked together, in their order. Names without one are
    put together in the order given, up to `most` of them.

    Raises:
        sqlalchemy.exc.IntegrityError: another writer put one of the names into a group in between.
    """
    there = dict(where_in(connection, GROUPS, "name", list(spellings), "name", "group_id"))
    rows = []
    fresh = iter([name for name in spellings if name not in there])
    while together := list(islice(fresh, most)):
        group_id = uuid.uuid4().hex
        rows += [
            {"name": name, "spelling": spellings[name], "group_id": group_id, "place": place}
            for place, name in enumerate(together)
        ]
        there |= dict.fromkeys(together, group_id)
    if rows:
        connection.execute(sa.insert(GROUPS), rows)
    members: dict[str, list[tuple[int, str]]] = {}
    groups = sorted(set(there.values()))
    for group_id, place, spelling in where_in(
        connection, GROUPS, "group_id", groups, "group_id", "place", "spelling"
    ):
        members.setdefault(group_id, []).append((place, spelling))
    return {name: tuple(s for _, s in sorted(members[there[name]])) for name in spellings}
