"""The local service: the recogniser over HTTP, for editors, scripts and a browser.

The ways in are `serve.main` (the command `snaptex serve`) and `service.Service` (a running program shares its
recogniser). Nothing is imported here, for the rest of the model must work without FastAPI.
"""
