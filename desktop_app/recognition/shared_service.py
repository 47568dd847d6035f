"""The service that shares the recogniser with other programs of this computer: begun, ended, and how it is."""

import errno
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app.settings.recogniser_options import ServiceConfig, ServiceState
from desktop_app.system.log_file import log_path

if TYPE_CHECKING:
    from model.recognition.recogniser import Recogniser
    from model.serving.service import Service

logger = logging.getLogger(__name__)


class SharedService:
    """At most one service; lives on the recogniser's thread."""

    def __init__(self, report: Callable[[ServiceState], None]) -> None:
        """Make one that does not run.

        Args:
            report: Is told how the service is, each time that changes.
        """
        self._report = report
        self._service: Service | None = None

    @property
    def is_running(self) -> bool:
        """Whether the recogniser is shared now."""
        return self._service is not None

    def start(self, recogniser: "Recogniser", config: ServiceConfig) -> None:
        """Share a recogniser; why it can't be is reported, not raised."""
        try:
            from model.serving.service import Service
            from model.serving.service_options import ServiceOptions

            service = Service(recogniser, ServiceOptions(port=config.port, token=config.token))
            service.start()
        except Exception as error:
            logger.warning("No service.", exc_info=error)
            self._report(ServiceState(problem=_problem(error, config.port)))
            return
        self._service = service
        self._report(ServiceState(service.options.url, service.entrance, service.options.token))

    def stop(self) -> None:
        """Share it no more; reports nothing."""
        if self._service is not None:
            self._service.stop()
            self._service = None


def _problem(error: Exception, port: int) -> str:
    if isinstance(error, ImportError):
        return QCoreApplication.translate(
            "SharedService", "The service needs more packages; install snaptex[server], then switch it on again."
        )
    if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE:
        sentence = QCoreApplication.translate("SharedService", "Another program uses port {port}; choose another one.")
        return sentence.format(port=port)
    sentence = QCoreApplication.translate("SharedService", "The service could not be started; the log says why: {path}")
    return sentence.format(path=log_path())
