"""The command `snaptex`: start the desktop program, or use one of its commands.

main() takes these steps:

1. `snaptex recognise FILE...`, `snaptex serve` and `snaptex doctor` are answered without the desktop program, and so is
   the program itself where it has started this as the process that draws formulas.
2. Logging starts, so that everything below leaves a trace.
3. A program that runs already is asked to snip, and this one ends.
4. Qt starts, and the Application builds every part and connects them.
5. The window opens, or the first selection with `snaptex snip`.
6. Qt's event loop runs until the user quits; the process ends as soon as the windows and threads have.
"""

import argparse
import atexit
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["recognise"]:
        from desktop_app.system.bundled_resources import vocabulary_path, weights_path
        from model.command_line import main as recognise

        return recognise(arguments[1:], weights=weights_path(), vocabulary=vocabulary_path())
    if arguments[:1] == ["serve"]:
        from desktop_app.system.bundled_resources import vocabulary_path, weights_path
        from model.serving.serve import main as serve

        return serve(arguments[1:], weights=weights_path(), vocabulary=vocabulary_path())
    if arguments[:1] == ["draw-formulas"]:  # the process that draws; in a bundle it is this program, started again
        from model.formats.helper_process import main as draw_formulas

        draw_formulas(*arguments[1:3])
        return 0
    options = _parse(arguments)
    if options.command == "doctor":
        return _doctor()

    from desktop_app.system.log_file import log_path, start_logging
    from desktop_app.system.single_instance import SingleInstance, ask_running_to_snip, instance_name

    start_logging(log_path())
    if not _has_display():
        print("snaptex: there is no display to show windows on; `snaptex recognise` needs none.", file=sys.stderr)
        return 1
    if ask_running_to_snip(instance_name(), repeats=options.command == "repeat"):
        logger.info("The running Snaptex was asked to snip.")
        return 0

    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from desktop_app.application import Application
    from desktop_app.languages.translation import install_translation
    from desktop_app.settings.settings import Settings
    from desktop_app.system.bundled_resources import icon_path

    qt = QApplication(["snaptex"])
    qt.setApplicationName("Snaptex")
    qt.setApplicationVersion(_version())
    qt.setDesktopFileName("snaptex")
    qt.setWindowIcon(QIcon(str(icon_path("snaptex"))))
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal; Qt's loop never lets Python see it
    settings = Settings()
    install_translation(qt, settings.language)
    application = Application(qt, settings, instance=SingleInstance(instance_name()))
    application.start(snips=options.command in ("snip", "repeat"), is_in_tray=options.in_tray)
    logger.info("Snaptex %s has started on %s.", _version(), qt.platformName())
    status = qt.exec()
    if application.has_ended:
        qt.shutdown()  # which also hands what was copied to the desktop's clipboard
    return _end_process(status)


def _end_process(status: int) -> NoReturn:
    """End at once: taking apart Python and the libraries of the recogniser would take another second."""
    atexit._run_exitfuncs()  # noqa: SLF001 - the processes that draw, and the log
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _doctor() -> int:
    """Print what was found on this computer; the exit status says whether the recogniser works."""
    from desktop_app.doctor import report
    from desktop_app.system.bundled_resources import vocabulary_path, weights_path
    from model.recogniser_facts import recogniser_facts

    facts, loads = recogniser_facts(weights_path(), vocabulary_path())
    print(report(_version(), facts))
    return 0 if loads else 1


def _has_display() -> bool:
    """Whether Qt can start; without a display it would end the process with an abort."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(variable) for variable in variables)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="snaptex", description="A formula on the screen becomes LaTeX on the clipboard, read on this computer."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    parser.add_argument("--in-tray", action="store_true", help="start without a window, as at login")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("snip", help="snip a formula now, with the running Snaptex if there is one")
    commands.add_parser("repeat", help="snip the last region again, with the running Snaptex")
    commands.add_parser("recognise", help="print the LaTeX of image files", add_help=False)
    commands.add_parser("serve", help="answer editors, scripts and the browser on this computer", add_help=False)
    commands.add_parser("doctor", help="print what was found on this computer, for a bug report")
    return parser.parse_args(arguments)


def _version() -> str:
    try:
        return version("snaptex")
    except PackageNotFoundError:  # run from a clone that isn't installed
        return "(not installed)"


if __name__ == "__main__":
    # In a bundle a process of `snaptex serve --workers` is this program, started again.
    multiprocessing.freeze_support()
    sys.exit(main())
