"""Films made by the installed extension, in processes that know nothing of its name."""

from __future__ import annotations

import av
import pytest

pytestmark = pytest.mark.blender


FILM = """
import time
def film(path, first, last):
    settings = bpy.context.scene.cardstunt
    settings.film, settings.some_frames, settings.first, settings.last = str(path), True, first, last
    bpy.ops.cardstunt.render_film()
def follow():
    texts = []
    while watch().tick() is not None:
        texts.append(status().film_text)
        time.sleep(0.02)
    return texts
"""


def test_the_installed_extension_makes_a_film(profile, show):
    film = show.parent / "tiny.mp4"
    said = profile.run(
        FILM
        + """
enable(); use(sys.argv[1])
film(sys.argv[2], 1, 2)
again = bpy.ops.cardstunt.render_film.poll()
texts = follow()
say(texts=texts, again=again, state=status().film_state, text=status().film_text,
    result=status().film_result, progress=status().film_progress, problems=problems(),
    scenes=len(bpy.data.scenes), warnings=addon_utils._extensions_warnings_get())
""",
        show,
        film,
    )
    assert said["problems"] == []
    assert (said["state"], said["result"], said["progress"]) == ("ENDED", str(film), 1.0)
    assert said["text"].startswith("0.08 s of film")
    assert any(text.startswith("render") for text in said["texts"])
    assert (said["again"], said["scenes"], said["warnings"]) == (False, 1, {})
    with av.open(str(film)) as container:
        assert len(list(container.decode(video=0))) == 2
    # Blender takes away the wheels of extensions that are not enabled; the film's Blender must not.
    assert list(profile.folder.glob("extensions/.local/lib/python3*/site-packages/pydantic/__init__.py"))


def test_a_film_is_stopped_between_two_pictures(profile, show):
    film = show.parent / "tiny.mp4"
    said = profile.run(
        FILM
        + """
enable(); use(sys.argv[1])
film(sys.argv[2], 1, 12)
while not status().film_text.startswith("render"):
    watch().tick(); time.sleep(0.02)
bpy.ops.cardstunt.stop_film()
stopping = status().film_state
follow()
say(stopping=stopping, state=status().film_state, text=status().film_text, result=status().film_result,
    problems=problems())
""",
        show,
        film,
    )
    assert (said["stopping"], said["state"], said["result"]) == ("STOPPING", "ENDED", "")
    assert said["text"].startswith("Stopped")
    assert said["problems"] == []
    assert not film.exists()
    assert list(film.with_suffix(".film").glob("rendered/*.exr"))


def test_a_film_that_fails_says_why(profile, show):
    film = show.parent / "tiny.mp4"
    said = profile.run(
        FILM
        + """
enable(); use(sys.argv[1])
late = refused(lambda: film(sys.argv[2], 12, 13))
film(sys.argv[2], 1, 1)
Path(sys.argv[1]).write_text("cardstunt: 2")
follow()
say(late=late, text=status().film_text, problems=problems(), result=status().film_result)
""",
        show,
        film,
    )
    assert "frames 12–13 are not in the film, which has 1–12" in said["late"]
    assert "format version 2" in said["text"]
    assert len(said["problems"]) == 1
    assert said["result"] == ""
