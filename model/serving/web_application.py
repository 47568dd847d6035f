"""The service as an ASGI application: its addresses and what each of them does."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from model.formats import FormulaFormat
from model.formats.helper_pool import HelperPool
from model.formats.spelling import LONGEST_FORMULA
from model.recognition.recogniser import Recogniser
from model.serving.answers import Drawing, Failure, Formulas, Health, Texts, Version
from model.serving.drawing_handler import DrawingHandler
from model.serving.guard import Guard
from model.serving.page_files import page_routes
from model.serving.pix2tex_api import pix2tex_routes
from model.serving.recognition_handler import RecognitionHandler
from model.serving.request_reading import JsonImages, ReadingOptions, read_request
from model.serving.service_error import ServiceError
from model.serving.service_options import ServiceOptions

FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure, "description": description}
    for status, description in {
        400: "The request is broken.",
        401: "The token is missing or wrong.",
        403: "The request comes from another site's page.",
        408: "The body was sent too slowly.",
        413: "The body is too large.",
        415: "The body is of no type that the service reads.",
        421: "The service does not answer under that host name.",
        422: "Something in the request does not fit, or no image can be read.",
        429: "Too much is waiting.",
        503: "The answer took too long.",
    }.items()
}


class Latex(BaseModel):
    """A formula as the page's reader types it."""

    latex: str = Field(max_length=LONGEST_FORMULA)


def create_application(recogniser: Recogniser, options: ServiceOptions) -> ASGIApp:
    """Return the application, guarded; its threads end with the server's lifespan."""
    writers = HelperPool(options.limits.drawing_processes)
    handler = RecognitionHandler(recogniser, writers=writers, limits=options.limits)
    drawing = DrawingHandler(writers, limits=options.limits)

    @asynccontextmanager
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
        yield
        drawing.close()
        await asyncio.to_thread(handler.close)
        writers.close()

    application = FastAPI(
        title="Snaptex",
        summary="Images of formulas become LaTeX, on this computer.",
        version=program_version(),
        lifespan=lifespan,
        docs_url=None,  # it would load its scripts from elsewhere
        redoc_url=None,
    )

    @application.post(
        "/recognise",
        summary="Read images of formulas",
        response_model=Formulas,
        responses=FAILURES,
        openapi_extra=_recognise_body(),
    )
    async def recognise(request: Request) -> Formulas:
        images, how = await read_request(request, options.limits)
        return Formulas(formulas=await handler.recognise(images, how))

    @application.get("/health", summary="Say that the service is there", responses={421: FAILURES[421]})
    async def health() -> Health:
        return Health(waiting_images=handler.waiting)

    @application.get("/version", summary="Say which program and weights answer", responses=_only(401, 403, 421))
    async def tell_version() -> Version:
        return Version(version=program_version(), device=str(recogniser.device), vocabulary=recogniser.vocabulary.hash)

    @application.post("/draw", summary="Draw a formula as SVG", responses=FAILURES)
    async def draw(formula: Latex) -> Drawing:
        return Drawing(svg=await drawing.draw(formula.latex))

    @application.post("/formats", summary="Write a formula in every format", responses=FAILURES)
    async def formats(formula: Latex) -> Texts:
        return Texts(texts=await drawing.write_all(formula.latex))

    application.include_router(pix2tex_routes(handler, options.limits, FAILURES))
    application.include_router(page_routes(options))
    application.add_exception_handler(ServiceError, _answer_failure)
    application.add_exception_handler(HTTPException, _answer_failure)
    application.add_exception_handler(RequestValidationError, _answer_failure)
    application.add_exception_handler(Exception, _answer_failure)  # the guard logs it
    return Guard(application, options)


@functools.cache
def program_version() -> str:
    """Version of the installed program."""
    try:
        return version("snaptex")
    except PackageNotFoundError:  # run from a clone that isn't installed
        return "unknown"


async def _answer_failure(_request: Request, error: Exception) -> JSONResponse:
    """Say every failure in the same form."""
    if isinstance(error, ServiceError):
        status, sentence = error.status, error.sentence
    elif isinstance(error, HTTPException):
        status, sentence = error.status_code, f"{str(error.detail).rstrip('.')}."
    elif not isinstance(error, RequestValidationError):
        status, sentence = 500, "The service failed; its log says why."
    else:
        status, sentence = 422, "The body does not fit the description at /docs."
    headers = {"Retry-After": "1"} if status == 429 else dict(getattr(error, "headers", None) or {})
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)


def _only(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: FAILURES[status] for status in statuses}


def _recognise_body() -> dict[str, Any]:
    """Describe the body, which FastAPI cannot see because it is read in two ways."""
    form = ReadingOptions.model_json_schema(ref_template="#/components/schemas/{model}")
    json = JsonImages.model_json_schema(ref_template="#/components/schemas/{model}")
    formats = {"type": "string", "enum": [formula_format.value for formula_format in FormulaFormat]}
    for schema in (form, json):
        schema.pop("$defs", None)
        schema["properties"]["format"] = {**formats, "default": "latex", "description": "The form of `text`."}
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    form["properties"]["image"] = {"type": "array", "items": binary, "minItems": 1, "maxItems": 16}
    form["required"] = ["image"]
    form["title"] = "FormImages"
    return {
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}, "application/json": {"schema": json}},
        }
    }
