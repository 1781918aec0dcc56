"""The folder beside a film: which show its pictures are of, and which of them may be kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..scenes.load import LoadedShow
from .files import read_json, remove_asides, write_json
from .quality import Quality

#: Pictures by the stage that makes them; each stage depends on the one before.
PICTURES = {"rendered": "*.exr", "finished": "*.png"}
MANIFEST = "film.json"


def _source_hash() -> str:
    """Hash of the program's own source, so that a new version renders anew."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for folder in ("kernels", "scenes", "blender_addon"):
        for path in sorted((root / folder).rglob("*.py")) + sorted((root / folder).rglob("*.cu")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def film_keys(loaded: LoadedShow, quality: Quality, versions: dict[str, str]) -> dict[str, str]:
    """Return hashes of what rendered and what finished pictures depend on.

    An edit of the lens's tilt or of the grade leaves the rendered pictures standing; one of the music or the
    title leaves all.
    """
    # Pydantic writes fractions as text, and then warns that they are text.
    show = loaded.show.model_dump(warnings=False)
    film, music = show["film"], show.pop("music")
    finish = {"look": film.pop("look"), "tilt_shift": film.pop("tilt_shift")}
    finish["shots"] = [shot.pop("tilt_shift") for shot in film["shots"]]
    film["hold"] = finish["look"]["hold"]
    show.pop("title")
    files = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(loaded.files().items())
        if music is None or name != music["file"]
    }
    base = [show, files, quality, versions, _source_hash()]
    rendered = hashlib.sha256(json.dumps(base, sort_keys=True, default=str).encode()).hexdigest()
    finished = hashlib.sha256(
        json.dumps([rendered, finish], sort_keys=True, default=str).encode()
    ).hexdigest()
    return {"rendered": rendered, "finished": finished}


def kept_stages(folder: Path, keys: dict[str, str]) -> set[str]:
    """Return the stages of PICTURES whose pictures in the folder are of this very film."""
    stood = read_json(folder / MANIFEST)
    return {stage for stage in PICTURES if isinstance(stood, dict) and stood.get(stage) == keys[stage]}


def discard_stale(folder: Path, keys: dict[str, str]) -> None:
    """Remove what another show, quality or version made, and what killed processes left half-written."""
    kept = kept_stages(folder, keys)
    for stage, pattern in PICTURES.items():
        for path in (folder / stage).glob(pattern):
            # Also those aside: their names begin with a dot, which the pattern covers.
            if stage not in kept or path.name.startswith("."):
                path.unlink()
    if "rendered" not in kept:
        (folder / "show.blend").unlink(missing_ok=True)
    remove_asides(folder / MANIFEST)
    # Last: until then the folder still says whose its pictures are.
    write_json(folder / MANIFEST, keys)
