"""Answers clients written for pix2tex's service, its editor plugins above all, at the addresses they know.

The one hard fact: some of them undo the JSON by hand, cutting the quotation marks and halving backslashes, so the
answer is one JSON string without a line break in it.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from model.serving.recognition_handler import RecognitionHandler
from model.serving.request_reading import ReadingOptions, read_files
from model.serving.service_error import ServiceError
from model.serving.service_options import Limits

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "title": "Pix2texImage",
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                    "required": ["file"],
                }
            }
        },
    }
}


def pix2tex_routes(handler: RecognitionHandler, limits: Limits, failures: dict[int | str, dict[str, Any]]) -> APIRouter:
    """Return the addresses `/predict/` and `/bytes/`."""
    routes = APIRouter(tags=["pix2tex"])

    async def predict(request: Request) -> str:
        """Read the image in the form's field `file`; the answer is its LaTeX as a JSON string."""
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise ServiceError(415, "Send the image as the field 'file' of a form, multipart/form-data.")
        images, _ = await read_files(request, limits, frozenset({"file"}))
        if len(images) != 1:
            raise ServiceError(422, "The form must hold one image, as the field 'file'.")
        (formula,) = await handler.recognise(images, ReadingOptions())
        return " ".join(formula.latex.split())

    for path in ("/predict/", "/bytes/"):
        name = path.strip("/")
        routes.post(
            path,
            summary="Read one image, as pix2tex's service does",
            name=name,
            responses=failures,
            openapi_extra=_BODY,
        )(predict)
    return routes
