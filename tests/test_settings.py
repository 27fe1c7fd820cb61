"""Settings: what is read, which source wins, and how wrong values are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError, load_settings
from bot.settings.readers import mask_url
from bot.settings.variables import VARIABLES

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def problems(environ: dict[str, str], env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, env_file)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_nothing_is_needed(tmp_path: Path) -> None:
    settings = load_settings({"WPRC_DATA_DIR": str(tmp_path / "data")}, tmp_path / "missing.env")
    assert settings == Settings(
        database_url=f"sqlite:///{tmp_path}/data/wprc.sqlite", data_dir=tmp_path / "data"
    )
    assert not settings.data_dir.exists()
    assert settings.make_data_dir().stat().st_mode & 0o777 == 0o700
    settings.make_data_dir()


def test_the_default_folder_is_absolute_and_the_users_own() -> None:
    assert load_settings({}, None).data_dir.is_absolute()
    assert load_settings({}, None).data_dir.name == "wprc"


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("DATABASE_URL", "sqlite:///club.sqlite", "database_url", "sqlite:///club.sqlite"),
        ("DATABASE_URL", "sqlite:////srv/c.db", "database_url", "sqlite:////srv/c.db"),
        ("DATABASE_URL", "postgresql://h/db", "database_url", "postgresql://h/db"),
        ("DATABASE_URL", "postgresql:///db", "database_url", "postgresql:///db"),
        ("DATABASE_URL", "postgres://u:p@h:1/db", "database_url", "postgresql://u:p@h:1/db"),
        ("WPRC_CLUB", " zkrc ", "club", "ZKRC"),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("LOG_FORMAT", "JSON", "log_format", "json"),
        ("WPRC_AUTO_MIGRATE", "no", "auto_migrate", False),
        ("WPRC_AUTO_MIGRATE", "0", "auto_migrate", False),
        ("WPRC_AUTO_MIGRATE", "Yes", "auto_migrate", True),
        ("WPRC_TIME_ZONE", "Europe/London", "time_zone", "Europe/London"),
    ],
)
def test_each_variable_is_read(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(load_settings({name: value}, None), field) == expected


def test_the_environment_wins_over_the_file_and_empty_values_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("\ufeffWPRC_CLUB=FILE\r\nLOG_LEVEL='ERROR'\r\nexport LOG_FORMAT=json\r\n")
    settings = load_settings({"WPRC_CLUB": "ENV", "LOG_LEVEL": ""}, file)
    assert (settings.club, settings.log_level, settings.log_format) == ("ENV", "ERROR", "json")


def test_the_file_is_not_interpolated(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DATABASE_URL=postgresql://u:a${HOME}b@h/db\n")
    assert load_settings({}, file).database_url == "postgresql://u:a${HOME}b@h/db"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "mysql://h/db", "it must begin with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "club.sqlite", "it must begin with"),
        ("DATABASE_URL", "sqlite://club.sqlite", "it names no file"),
        ("DATABASE_URL", "sqlite:///", "it names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "it names no file"),
        ("DATABASE_URL", "postgresql://host", "it names no database"),
        ("DATABASE_URL", "postgresql://host:0/db", "its port is 0"),
        ("DATABASE_URL", "postgresql://host:port/db", "its host or port cannot be read"),
        ("DATABASE_URL", "postgresql://[host/db", "its host or port cannot be read"),
        ("WPRC_CLUB", "W-1", "a club's prefix is a letter"),
        ("WPRC_CLUB", "7UP", "a club's prefix is a letter"),
        ("LOG_LEVEL", "LOUD", "it is one of DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "it is one of auto, human, json"),
        ("WPRC_AUTO_MIGRATE", "maybe", "it is one of true, 1, yes, false, 0, no"),
        ("WPRC_TIME_ZONE", "Europe/Londn", "it is no IANA time zone; did you mean Europe/London?"),
        ("WPRC_TIME_ZONE", "/etc/passwd", "it is no IANA time zone"),
        ("WPRC_TIME_ZONE", "Europe", "it is no IANA time zone"),
        ("WPRC_DATA_DIR", __file__, "it is a file, and a folder is needed"),
        ("WPRC_DATA_DIR", "~nobody-has-this-name/x", "its home folder is not known"),
    ],
)
def test_a_wrong_value_is_told_with_its_name_reason_and_an_example(
    name: str, value: str, reason: str
) -> None:
    (problem,) = problems({name: value})
    assert problem.startswith(f"{name} is {value[:80]!r}"[:80])
    assert reason in problem
    assert f"Example: {name}=" in problem


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LOG_LEVEL=LOUD\njust words\n")
    found = problems({"WPRC_CLUB": "!", "LOG_FORMAT": "xml"}, file)
    assert [problem.split()[0] for problem in found] == [
        "Line",
        "WPRC_CLUB",
        "LOG_LEVEL",
        "LOG_FORMAT",
    ]
    assert found[0].startswith(f"Line 2 of {file} is not NAME=value.")


@pytest.mark.parametrize("content", [b"LOG_LEVEL=\xff\n", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / ".env"
    file.mkdir() if content is None else file.write_bytes(content)
    (problem,) = problems({}, file)
    assert problem.startswith(f"{file} cannot be read: ")


def test_a_long_value_is_cut() -> None:
    (problem,) = problems({"WPRC_CLUB": "X" * 10_000})
    assert len(problem) < 300


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://wprc:hunter2@db/club",
        "postgresql://wprc:hun@ter2@db/club",
        "postgresql://wprc:hunter2/x#y?z@db",
        "postgresql://db:port/club?user=wprc&password=hunter2",
        "mysql://wprc:hunter2@db/club",
        "wprc:hunter2@db/club",
        "postgresql://wprc:hunter2@db:99999999/club",
        "postgresql://wprc:hunter2@[db/club",
        "host=db user=wprc password=hunter2",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    assert "ter2" not in mask_url(url)
    assert "db" in mask_url(url)
    try:
        text = repr(load_settings({"DATABASE_URL": url}, None))
    except SettingsError as error:
        text = str(error)
    assert "ter2" not in text


@given(
    scheme=st.sampled_from(["postgresql://", "mysql://", ""]),
    password=st.text(st.sampled_from("a1@:/#?[]%= \n\x00é")),
    port=st.text(st.sampled_from("a1@:/#?[]%=")),
)
@example(scheme="postgresql://", password="a://b", port="1")
def test_no_password_can_slip_into_a_message(scheme: str, password: str, port: str) -> None:
    text = repr(load_or_problems(f"{scheme}wprc:Q7Q{password}Q9Q@db:{port}/club"))
    assert "Q7Q" not in text
    assert "Q9Q" not in text


def load_or_problems(url: str) -> object:
    try:
        return load_settings({"DATABASE_URL": url}, None)
    except SettingsError as error:
        return error


def test_repr_shows_the_rest() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://u:pw@h/db", "WPRC_CLUB": "AB"}, None)
    assert "postgresql://u:***@h/db" in repr(settings)
    assert "club='AB'" in repr(settings)


def test_shards_are_some_of_a_known_number() -> None:
    (problem,) = problems({"DISCORD_SHARD_IDS": "0, 4", "DISCORD_SHARD_COUNT": "4"})
    assert "DISCORD_SHARD_COUNT=5" in problem
    environ = {"DISCORD_SHARD_IDS": "3, 0", "DISCORD_SHARD_COUNT": "4"}
    assert load_settings(environ, None).discord_shard_ids == (0, 3)


def test_a_token_is_never_shown() -> None:
    token = "MTE2.Gabcde.0123456789abcdefghijklmnopqrstuvwxyz"
    assert token not in repr(load_settings({"DISCORD_TOKEN": token}, None))
    (problem,) = problems({"DISCORD_TOKEN": f"{token} {token}"})
    assert token not in problem


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("WPRC_CLUBS", "WPRC_CLUB"),
        ("WPRC_TIMEZONE", "WPRC_TIME_ZONE"),
        ("WPRC_LOG_LEVEL", "LOG_LEVEL"),
        ("WPRC_DATABASE_URL", "DATABASE_URL"),
    ],
)
def test_an_unknown_name_is_warned_about(name: str, nearest: str) -> None:
    (warning,) = load_settings({name: "x"}, None).warnings
    assert warning == f"{name} is not a setting and does nothing; the nearest is {nearest}."


def test_names_of_the_tests_and_of_others_are_no_warnings() -> None:
    names = {"WPRC_TEST_POSTGRES": "x", "HOME": "/x", "POSTGRES_PASSWORD": "x"}
    assert load_settings(names, None).warnings == ()


def test_the_example_names_every_variable_and_loads_to_the_defaults() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(names) == sorted(variable.name for variable in VARIABLES)
    settings = load_settings({}, EXAMPLE)
    assert settings == load_settings({}, None)
    assert settings.warnings == ()


_WEBHOOK = {
    "TELEGRAM_WEBHOOK_URL": "https://example.org/hook",
    "TELEGRAM_WEBHOOK_PORT": "8080",
    "TELEGRAM_WEBHOOK_SECRET": "12345678",
}
# Shards are some of a number of them, and a webhook has three parts: one needs the others.
_NEEDED = {"DISCORD_SHARD_IDS": {"DISCORD_SHARD_COUNT": "4"}} | dict.fromkeys(_WEBHOOK, _WEBHOOK)


@pytest.mark.parametrize("missing", list(_WEBHOOK))
def test_a_webhook_needs_its_address_its_port_and_its_secret(missing: str) -> None:
    given = {name: value for name, value in _WEBHOOK.items() if name != missing}

    with pytest.raises(SettingsError, match=f"^{missing} is missing: a webhook needs"):
        load_settings(given, None)


def test_keys_of_luma_are_read_by_club_and_shown_nowhere() -> None:
    given = {"LUMA_API_KEYS": "wprc:secret-of-one, OTHER:secret:with-colon,"}
    settings = load_settings(given, None)
    assert settings.luma_api_keys == {"WPRC": "secret-of-one", "OTHER": "secret:with-colon"}
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "value",
    [
        *("secret-alone", "WPRC:short", "WPRC:secret of one", "W-R:secret-of-one"),
        "WPRC:secret-of-one,wprc:secret-of-two",
    ],
)
def test_keys_that_cannot_be_read_are_not_repeated(value: str) -> None:
    (problem,) = problems({"LUMA_API_KEYS": value})
    assert problem.startswith("LUMA_API_KEYS is '***'")
    assert "secret" not in problem.replace("secret-of-its-calendar", "")


def test_telegram_secrets_are_shown_nowhere() -> None:
    secrets = {"TELEGRAM_TOKEN": "1234:abcdefgh", "TELEGRAM_WEBHOOK_SECRET": "hush-hush-hush"}
    shown = repr(load_settings(_WEBHOOK | secrets, None))
    assert not any(secret in shown for secret in secrets.values())
    with pytest.raises(SettingsError) as raised:
        load_settings(
            {"TELEGRAM_TOKEN": "1234:ab cd", "TELEGRAM_WEBHOOK_SECRET": "no spaces"}, None
        )
    assert "ab cd" not in str(raised.value)
    assert "no spaces" not in str(raised.value)


def test_every_example_loads() -> None:
    commented = re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commented) >= 4
    given = [*commented, *((variable.name, variable.example) for variable in VARIABLES)]
    for name, value in given:
        settings = load_settings(_NEEDED.get(name, {}) | {name: value}, None)
        assert settings.warnings == ()
        assert settings != load_settings({}, None), name
