"""The switch of the local service: what it asks for, and what it says."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.settings.recogniser_options import ServiceState
from desktop_app.settings.settings import Settings
from desktop_app.settings_window.service_panel import ServicePanel
from desktop_app.system.service_token import service_token

pytestmark = pytest.mark.gui

RUNNING = ServiceState("http://127.0.0.1:8502/", "http://127.0.0.1:8502/enter?token=abc", "abc")


@pytest.fixture
def panel(qtbot: QtBot, settings: Settings) -> ServicePanel:
    panel = ServicePanel(settings, width=300)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_switch_and_port_are_kept(panel: ServicePanel, settings: Settings, settings_path: Path) -> None:
    assert not settings.serves  # nobody's computer listens unasked
    panel.switch.click()
    panel.port_field.setValue(9000)
    after = Settings(settings_path)
    assert (after.serves, after.service_port) == (True, 9000)


def test_address_is_shown_and_the_token_copied(panel: ServicePanel) -> None:
    assert panel.address.text() == "Off"
    assert not panel.token_button.isEnabled()
    panel.switch.click()
    assert panel.address.text() == "Starting…"
    panel.show_state(RUNNING)
    assert panel.address.text() == "http://127.0.0.1:8502/"  # the token is not for eyes
    panel.token_button.click()
    assert QGuiApplication.clipboard().text() == "abc"
    panel.switch.click()
    panel.show_state(ServiceState())
    assert panel.address.text() == "Off"
    assert not panel.token_button.isEnabled()


def test_problem_is_said_until_it_is_gone(panel: ServicePanel) -> None:
    panel.switch.click()
    panel.show_state(ServiceState(problem="Another program uses port 8502; choose another one."))
    assert panel.problem.isVisible()
    assert panel.address.text() == "Off"
    panel.port_field.setValue(8503)
    panel.show_state(RUNNING)
    assert not panel.problem.isVisible()


@pytest.mark.parametrize("text", ["service_port=80", "service_port=70000", "service_port=x"])
def test_port_out_of_range_in_the_file_is_the_default(qtbot: QtBot, settings_path: Path, text: str) -> None:
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text(f"[General]\n{text}\n", encoding="utf-8")
    assert Settings(settings_path).service_port == 8502


def test_token_stays_and_is_nobody_elses(tmp_path: Path) -> None:
    # Editors keep it in their settings; whoever else reads it could use the service.
    path = tmp_path / "folder" / "token"
    token = service_token(path)
    assert len(token) > 20
    assert service_token(path) == token
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("")
    assert service_token(path) not in ("", token)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "readable by others", "one letter", "link", "folder"])
def test_token_that_others_may_know_is_made_anew(tmp_path: Path, kind: str) -> None:
    # The pipe blocked the start, the others were taken as they were.
    path = tmp_path / "token"
    known = "k" * 40
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        (tmp_path / "elsewhere").write_text(known)
        (tmp_path / "elsewhere").chmod(0o600)
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_text("x" if kind == "one letter" else known)
        path.chmod(0o600 if kind == "one letter" else 0o644)
    token = service_token(path)
    assert len(token) >= 32
    assert token != known
    if kind != "folder":  # which is the user's own doing, and left
        assert path.is_file()
        assert not path.is_symlink()
        assert path.stat().st_mode & 0o777 == 0o600
        assert service_token(path) == token


def test_token_that_cannot_be_kept_is_good_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    assert len(service_token(tmp_path / "file" / "token")) > 20
    assert "can't be kept" in caplog.text
