"""What the server says where it does not give what was asked for."""

from starlette.responses import PlainTextResponse, Response

from voicecoach.web import http_headers


def not_found() -> Response:
    """For what is not there, and for who does not know the address."""
    return refusal(404, "Not found. Look at the computer: the address may be another one.")


def being_made() -> Response:
    """For a week that is being built."""
    return refusal(503, "This week is being made. Try again in a moment.", retry_after="5")


def unknown() -> Response:
    """Where it cannot be told what the client's answers allow."""
    text = "Your answers cannot be read. Look at the computer: voicecoach plan says why."
    return refusal(503, text, retry_after="5")


def refusal(status: int, text: str, **headers: str) -> Response:
    """An answer of one line of ``text``, which nobody keeps; underscores in the names of
    ``headers`` stand for hyphens."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(
        f"{text}\n", status, {**http_headers.ALWAYS, "cache-control": "no-store", **more}
    )
