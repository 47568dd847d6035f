"""The shells' completions offer each command and option of the program, and bash really offers them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COMPLETIONS = ROOT / "packaging" / "linux" / "completions"
COMMANDS = ((), ("recognise",), ("serve",))


def words_of(command: tuple[str, ...]) -> set[str]:
    """The commands, options and choices that a command's help names."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app", *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", done.stdout))
    commands = re.findall(r"^    ([a-z]+)\b", done.stdout, flags=re.MULTILINE)
    choices = [word for braces in re.findall(r"\{([a-z0-9,]+)\}", done.stdout) for word in braces.split(",")]
    return options | set(commands) | set(choices)


@pytest.fixture(scope="module")
def words() -> dict[tuple[str, ...], set[str]]:
    return {command: words_of(command) for command in COMMANDS}


@pytest.mark.parametrize("file", sorted(COMPLETIONS.iterdir()), ids=lambda path: path.name)
def test_every_word_is_offered(file: Path, words: dict[tuple[str, ...], set[str]]) -> None:
    # An option that was added to the program is easily forgotten here.
    offered = set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8").replace("-l ", "--")))
    asked = set().union(*words.values())
    assert {"recognise", "--format", "typst"} <= asked
    assert asked - offered == set()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["snaptex", "re"], ["repeat", "recognise"]),
        (["snaptex", "recognise", "--f"], ["--format"]),
        (["snaptex", "recognise", "--format", "ty"], ["typst"]),
        (["snaptex", "serve", "--device", "c"], ["cpu", "cuda"]),
        (["snaptex", "recognise", "formula"], ["formula one.png"]),
        (["snaptex", "snip", ""], []),
    ],
)
def test_bash_offers_what_fits(tmp_path: Path, line: list[str], expected: list[str]) -> None:
    (tmp_path / "formula one.png").touch()
    script = f'source {COMPLETIONS / "snaptex.bash"}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _snaptex; '
    script += 'for one in "${COMPREPLY[@]}"; do echo "$one"; done'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *line], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == expected


@pytest.mark.parametrize(("shell", "file"), [("zsh", "_snaptex"), ("fish", "snaptex.fish")])
def test_other_shells_can_parse_theirs(shell: str, file: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    done = subprocess.run([shell, "-n", str(COMPLETIONS / file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
