"""The one error of this package."""


class FormatError(ValueError):
    """The formula has no such form, or no image; one plain sentence."""
