"""The page at `/`: its files, read once, and the way in for a browser, which gets a cookie for the token."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from model.serving.guard import cookie_name, is_token
from model.serving.service_error import ServiceError
from model.serving.service_options import ServiceOptions

_FOLDER = Path(__file__).parent / "page"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def page_routes(options: ServiceOptions) -> APIRouter:
    """Return the page's addresses."""
    routes = APIRouter(include_in_schema=False)
    files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _MEDIA_TYPES}

    def file(name: str) -> Response:
        if name not in files:
            raise ServiceError(404, "There is no such page.")
        return Response(files[name], media_type=_MEDIA_TYPES[Path(name).suffix])

    @routes.get("/")
    async def page(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            # What pix2tex's service says here to clients that look whether it is there.
            return JSONResponse({"message": "OK", "status-code": 200, "data": {}})
        return file("index.html")

    @routes.get("/docs")
    async def reference() -> Response:
        return file("reference.html")

    @routes.get("/page/{name}")
    async def part_of_page(name: str) -> Response:
        return file(name)

    @routes.get("/enter")
    async def enter(token: str = "") -> Response:
        if options.token and not is_token(token, options.token):
            raise ServiceError(401, "This is not the token that the service showed when it started.")
        answer = RedirectResponse("/", status_code=303)
        if options.token:
            answer.set_cookie(cookie_name(options.port), options.session, httponly=True, samesite="strict")
        return answer

    return routes
