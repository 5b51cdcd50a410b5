"""Settings: read once from the environment, wrong ones named."""

import pytest

from newsbrief.errors import ConfigurationError
from newsbrief.settings import read_settings


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("NEWSBRIEF_PORT", "9001")
    monkeypatch.setenv("NEWSBRIEF_CORS_ORIGINS", '["https://cms.example"]')
    settings = read_settings()
    assert settings.port == 9001
    assert settings.cors_origins == ("https://cms.example",)


def test_the_command_line_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("NEWSBRIEF_PORT", "9001")
    assert read_settings(port=9002, host=None).port == 9002


@pytest.mark.parametrize("value", ["many", "0", "-1"])
def test_a_wrong_value_names_the_variable_and_the_value(monkeypatch, value):
    monkeypatch.setenv("NEWSBRIEF_WORKERS", value)
    with pytest.raises(ConfigurationError, match="NEWSBRIEF_WORKERS") as caught:
        read_settings()
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", ["https://cms.example", "foo", "", "[1]", '{"a": "b"}', "7"])
def test_origins_that_are_no_list_of_texts_name_the_variable_and_the_value(monkeypatch, value):
    monkeypatch.setenv("NEWSBRIEF_CORS_ORIGINS", value)
    with pytest.raises(ConfigurationError, match="NEWSBRIEF_CORS_ORIGINS: ") as caught:
        read_settings()
    assert value.strip("[]") in str(caught.value)


def test_what_origins_should_look_like_is_shown(monkeypatch):
    monkeypatch.setenv("NEWSBRIEF_CORS_ORIGINS", "https://cms.example")
    with pytest.raises(ConfigurationError, match=r'JSON list, such as \["https://'):
        read_settings()


@pytest.mark.parametrize("value", ["inf", "nan", "-inf"])
def test_a_time_without_end_is_refused(monkeypatch, value):
    monkeypatch.setenv("NEWSBRIEF_REQUEST_SECONDS", value)
    with pytest.raises(ConfigurationError, match=f"NEWSBRIEF_REQUEST_SECONDS: .*'{value}'"):
        read_settings()


def test_a_misspelt_variable_is_refused(monkeypatch):
    monkeypatch.setenv("NEWSBRIEF_PROT", "9001")
    with pytest.raises(ConfigurationError, match=r"NEWSBRIEF_PROT.*NEWSBRIEF_PORT"):
        read_settings()
