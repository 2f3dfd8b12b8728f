"""The command line."""

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


def test_a_reader_who_leaves_early_is_no_error():
    command = [sys.executable, "-m", "cnnlab", "summary"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


def test_missing_notebook_is_named():
    with pytest.raises(SystemExit, match=r"nowhere\.ipynb is none"):
        main(["refresh", "nowhere.ipynb"])


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for command in ("summary", "doctor", "refresh", "glossary"):
        assert command in printed
