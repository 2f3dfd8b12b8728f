"""The command line."""

import io
import os
import subprocess
import sys

import pytest

from cnnlab.__main__ import main


def test_summary_prints_the_deck_table(capsys):
    assert main(["summary", "datasci-207"]) == 0
    printed = capsys.readouterr().out
    assert "1,625,866 (6.20 MB as float32)" in printed
    assert "1,605,760" in printed


def test_summary_without_names_prints_all(capsys):
    assert main(["summary"]) == 0
    printed = capsys.readouterr().out
    for total in ("9,269", "228,036", "1,625,866"):
        assert total in printed


def test_unknown_network_names_those_there_are():
    with pytest.raises(SystemExit, match="name must be one of ai-civil-w8"):
        main(["summary", "lenet-99"])


@pytest.mark.parametrize(
    ("words", "meant"), [(["sumary"], "summary"), (["Slides"], "slides"), (["gloss"], "glossary")]
)
def test_an_unknown_command_is_answered_with_the_one_that_was_meant(words, meant, capsys):
    with pytest.raises(SystemExit):
        main(words)
    assert f"not '{words[0]}'. Did you mean '{meant}'?" in capsys.readouterr().err


def test_a_reader_who_leaves_early_is_no_error():
    command = [sys.executable, "-m", "cnnlab", "summary"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


@pytest.mark.parametrize("command", ["summary", "zoo", "numbers"])
def test_a_pipe_under_the_code_page_of_windows_holds_every_character(command):
    run = subprocess.run(
        [sys.executable, "-m", "cnnlab", command],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert run.stderr == b""
    assert {"─", "·"} & set(run.stdout.decode("utf-8"))


def test_a_terminal_of_an_old_code_page_gets_what_it_can_show(monkeypatch):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    screen = Terminal(io.BytesIO(), encoding="cp1252", newline="\n")
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["summary", "ds-4400"]) == 0
    shown = screen.buffer.getvalue().decode("cp1252")
    assert "28×28" in shown
    assert "─" not in shown


def test_missing_notebook_is_named():
    with pytest.raises(SystemExit, match=r"nowhere\.ipynb is none"):
        main(["refresh", "nowhere.ipynb"])


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for command in ("summary", "doctor", "refresh", "glossary"):
        assert command in printed
