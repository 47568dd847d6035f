"""The one error of the service: an HTTP status and one sentence, which is all that a caller gets to see."""

from __future__ import annotations


class ServiceError(Exception):
    """A request that gets no answer.

    Attributes:
        status: HTTP status.
        sentence: Why, for the user.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
