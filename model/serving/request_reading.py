"""From the body of a request, a form or JSON, to images and options; what does not fit is refused in one sentence.

The one hard fact: the form's parser would write large files to the disk, so it is told to keep them in memory; the size
of the body is limited before.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import string
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from model.decoding.decoded_formula import DecodingOptions, with_beam
from model.formats import FormulaFormat
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits

Options = TypeVar("Options", bound="ReadingOptions")

LARGEST_BEAM = 16
MOST_ALTERNATIVES = 8


class ReadingOptions(BaseModel):
    """How the images of a request are read."""

    model_config = ConfigDict(extra="forbid")

    beam: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST_BEAM,
        description="Hypotheses of beam search; 1 is quickest. Without it, what is unsure is read again.",
    )
    alternatives: int = Field(default=0, ge=0, le=MOST_ALTERNATIVES, description="Other readings; they widen the beam.")
    format: FormulaFormat = Field(default=FormulaFormat.LATEX, description="The form of `text` in the answer.")
    attention: bool = Field(default=False, description="Whether to say where the network looked for each token.")

    @property
    def decoding(self) -> DecodingOptions:
        """How to decode; some hypotheses finish as the same formula, so more are kept than the alternatives wanted."""
        return with_beam(max(self.beam or 1, 2 * self.alternatives) if self.alternatives else self.beam)


class JsonImages(ReadingOptions):
    """A request in JSON: `image` for one, or `images` for several, in base64 with or without `data:` before it."""

    image: str | None = Field(default=None, min_length=1, json_schema_extra={"contentEncoding": "base64"})
    images: list[str] | None = Field(default=None, min_length=1, max_length=Limits.images)


class _FormInMemory(MultiPartParser):
    """The form's parser, never going over to the disk."""

    spool_max_size = 2 * Limits.body_bytes


_MOST_JSON_BYTES = 64_000
# JSON may have a backslash before a slash, and `\n` for a line break. What is left are marks, of which each name,
# number and bracket brings some.
_OF_BASE64 = (string.ascii_letters + string.digits + "+/=\\").encode()

_OPTION_NAMES = frozenset(ReadingOptions.model_fields)
_IMAGE_NAMES = frozenset({"image", "images", "file"})


async def read_request(request: Request, limits: Limits) -> tuple[list[bytes], ReadingOptions]:
    """Return the images of a recognition request, as files' bytes, and how to read them.

    Raises:
        ServiceError: It is neither a form nor JSON, or something in it does not fit.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        return await asyncio.to_thread(_from_json, await request.body(), limits)
    if content_type == "multipart/form-data":
        return await _from_form(request, limits)
    raise ServiceError(415, "Send images as multipart/form-data or as application/json.")


async def read_files(request: Request, limits: Limits, names: frozenset[str]) -> tuple[list[bytes], dict[str, str]]:
    """Return the files of those names in a form, and its other fields.

    Raises:
        ServiceError: The form is broken, or a file has another name.
    """
    # On a thread: the parser is slow on a form of many small pieces, and the loop answers everybody.
    return await asyncio.to_thread(asyncio.run, _parsed_form(request.headers, await request.body(), limits, names))


async def _parsed_form(
    headers: Headers, body: bytes, limits: Limits, names: frozenset[str]
) -> tuple[list[bytes], dict[str, str]]:
    parser = _FormInMemory(headers, _pieces(body), max_files=limits.images, max_fields=16)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise ServiceError(400, f"The form cannot be read or holds more than {limits.images} images.") from error
    try:
        return await _sorted_out(form, names)
    finally:
        await form.close()


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _sorted_out(form: FormData, names: frozenset[str]) -> tuple[list[bytes], dict[str, str]]:
    images: list[bytes] = []
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name not in names:
                raise ServiceError(422, f"A form's image is called {' or '.join(sorted(names))}, not '{name[:40]}'.")
            images.append(await value.read())
        elif name in names and value:
            images.append(value.encode("utf-8", "surrogateescape"))  # a file sent without a name arrives as text
        else:
            fields[name] = value
    return images, fields


async def _from_form(request: Request, limits: Limits) -> tuple[list[bytes], ReadingOptions]:
    images, fields = await read_files(request, limits, _IMAGE_NAMES)
    if not images:
        raise ServiceError(422, "The form holds no image; send it as the field 'image'.")
    return images, _validated(lambda: ReadingOptions.model_validate(fields))


def _from_json(body: bytes, limits: Limits) -> tuple[list[bytes], ReadingOptions]:
    # What is no image is small; the parser would be busy for seconds with megabytes of names or brackets.
    if len(body.translate(None, _OF_BASE64)) > _MOST_JSON_BYTES:
        raise ServiceError(413, f"The JSON holds more than {_MOST_JSON_BYTES // 1000} kB that are no image in base64.")
    wanted = _validated(lambda: JsonImages.model_validate_json(body, strict=False))
    if (wanted.image is None) == (wanted.images is None):
        raise ServiceError(422, "Give either 'image' or 'images', in base64.")
    texts = wanted.images if wanted.images is not None else [wanted.image or ""]
    if len(texts) > limits.images:
        raise ServiceError(422, f"At most {limits.images} images fit into one request.")
    options = ReadingOptions(**{name: getattr(wanted, name) for name in _OPTION_NAMES})
    return [_decode_base64(text) for text in texts], options


def _decode_base64(text: str) -> bytes:
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ServiceError(422, "An image is not in base64.") from error


def _validated(validate: Callable[[], Options]) -> Options:
    try:
        return validate()
    except ValidationError as error:
        raise ServiceError(422, _sentence_of(error)) from error


def _sentence_of(error: ValidationError) -> str:
    """Name the first thing that does not fit."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part)[:40] for part in first["loc"]) or "The body"
    return f"{place}: {first['msg'].rstrip('.')}."
