"""A real PostgreSQL for tests: fresh databases on the server that the environment names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

VARIABLE = "WPRC_TEST_POSTGRES"
MISSING = (
    f"{VARIABLE} is not set: nothing that needs PostgreSQL is tested. `make test` starts a server;"
    " or set it to the address of one, such as postgresql://user@127.0.0.1:5432/postgres"
)


def server_url() -> str:
    """The server's address; without one the test is skipped, and fails where CI runs."""
    url = os.environ.get(VARIABLE, "")
    if not url:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return url


@contextmanager
def fresh_database(template: str | None = None) -> Iterator[str]:
    """The address of a new database, empty or like the template; it is dropped at the end."""
    server = server_url()
    name = f"wprc_test_{secrets.token_hex(6)}"
    like = make_url(template).database if template else None
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if like:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(like))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)
