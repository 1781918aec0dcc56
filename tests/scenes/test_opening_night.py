from __future__ import annotations

from itertools import combinations
from pathlib import Path

import av
import numpy as np
import pytest
from cardstunt.kernels.books import card_states
from cardstunt.kernels.dithering import match
from cardstunt.kernels.places import minimum_distance
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.formations import place_formation
from cardstunt.scenes.library import opening_night
from cardstunt.scenes.library.mixing import loudness
from cardstunt.scenes.library.opening_night.figures import figure
from cardstunt.scenes.library.opening_night.posters import POSTERS
from cardstunt.scenes.library.opening_night.theme import compose
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import Canvas, draw_page
from cardstunt.scenes.timeline import film_timeline
from cardstunt.scenes.troupes import compile_drill
from PIL import Image
from scipy import ndimage
from scipy.spatial import KDTree

ASSETS = Path(opening_night.__file__).parent / "assets"


@pytest.fixture(scope="module")
def loaded():
    return load_show("opening_night")


@pytest.fixture(scope="module")
def show(loaded):
    return loaded.show


@pytest.fixture(scope="module")
def plan(loaded):
    return compile_section(loaded)


@pytest.fixture(scope="module")
def books(plan):
    return plan.books


@pytest.fixture(scope="module")
def march():
    with av.open(str(ASSETS / "theme.ogg")) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.layout.name) == (48_000, "stereo")
        return np.concatenate([frame.to_ndarray() for frame in container.decode(stream)], axis=1).astype(
            float
        )


def test_it_loads_without_a_warning(loaded):
    assert loaded.warnings == ()
    assert loaded.show.title == "Opening night"


def test_it_is_of_the_size_that_was_promised(show):
    section = show.card_section
    assert section.columns * section.rows == 20_000
    assert len(section.pages) >= 10
    assert {page.kind for page in section.pages.values()} == {"image", "text", "fill", "gradient"}
    assert len({page.image for page in section.pages.values() if page.image}) >= 4
    assert len({cue.flip.order for cue in section.cues} - {"together"}) >= 5
    assert sum(troupe.count for troupe in show.troupes.values()) == 12_000


def test_the_film_has_three_shots_of_eight_seconds_in_all(show):
    assert [shot.camera.kind for shot in show.film.shots][:2] == ["orbit", "push"]
    assert len(show.film.shots) == 3
    timeline = film_timeline(show)
    assert 8 <= timeline.duration <= 8.5
    # shots of an even number of frames hold every picture for as long
    assert len(timeline.samples) * show.film.look.hold == len(timeline.frames)


def changing(books, moments):
    """Share of cards under way at each moment, (F,)."""
    state = card_states(books, np.array([ticks(moment) for moment in moments]))
    return (state[:, : books.rows, :, 3] > 0).mean(axis=(1, 2))


def test_cards_turn_in_every_shot_and_pictures_also_stand(show, books):
    samples = film_timeline(show).samples
    for number, least in enumerate((2, 2, 2)):
        busy = changing(books, [sample.show_time for sample in samples if sample.shot == number]) > 0.05
        changes = ndimage.label(busy)[1]
        assert changes >= least
        assert busy.mean() < 0.6
        stands = ndimage.label(~busy)[0]
        assert np.bincount(stands[stands > 0]).max() >= 5


def test_a_change_ripples_through_several_pictures_of_the_film(show, books):
    samples = film_timeline(show).samples
    share = changing(books, [sample.show_time for sample in samples])
    assert (share > 0.02).sum() >= 20
    assert share.max() < 0.6


def test_gymnasts_travel_in_every_shot(show):
    for shot in show.film.shots:
        for troupe in show.troupes.values():
            travels = [
                (step.at, step.at + step.travel.over) for step in troupe.drill if step.travel.over is not None
            ]
            assert any(start < shot.end and end > shot.start for start, end in travels)


def test_the_card_section_ends_every_cue_on_its_picture(loaded, plan):
    section, books = loaded.show.card_section, plan.books
    for index, cue in enumerate(section.cues):
        picture = draw_page(
            section.pages[cue.page], Canvas(section.columns, section.rows, plan.seats.cell_aspect), loaded
        ).picture
        wanted = match(picture, books.palette, section.palette.dither).reshape(-1)
        right = (books.page[index] == plan.page[index]) & plan.included[index]
        np.testing.assert_array_equal(
            books.colour[books.page[index], np.arange(20_000)][right], wanted[right]
        )
        if cue.where is None:
            assert right.mean() > 0.995


def test_formations_hold_everyone_on_the_field_and_troupes_stand_apart(loaded):
    troupes = list(loaded.show.troupes.values())
    times = [[step.at for step in troupe.drill] for troupe in troupes]
    assert times[0] == times[1] == times[2]
    kinds = {repr(step.formation) for troupe in troupes for step in troupe.drill}
    assert len(kinds) >= 4
    done = set()
    for steps in zip(*(troupe.drill for troupe in troupes), strict=True):
        if repr([step.formation for step in steps]) in done:
            continue
        done.add(repr([step.formation for step in steps]))
        stand = [
            place_formation(loaded, step.formation, troupe.count) + np.array(step.place)
            for step, troupe in zip(steps, troupes, strict=True)
        ]
        for one in stand:
            assert (np.abs(one) <= (55, 80)).all()
            assert minimum_distance(one) >= 0.79
        for one, other in combinations(stand, 2):
            assert KDTree(one).query(other)[0].min() > 1.5


def test_nobody_runs_faster_than_an_athlete(loaded):
    drill = compile_drill(loaded, "doves")
    way = np.hypot(*np.diff(drill.places, axis=0).transpose(2, 0, 1))
    seconds = (drill.arrive - drill.leave)[1:] / ticks(1)
    assert (way.max(axis=1) / seconds).max() < 9


def test_every_asset_is_used_and_all_are_small(show):
    used = {page.image for page in show.card_section.pages.values()} | {show.music.file}
    used |= {step.formation.image for troupe in show.troupes.values() for step in troupe.drill}
    files = [path for path in ASSETS.iterdir() if path.is_file()]
    assert {f"assets/{path.name}" for path in files} == used - {None}
    assert sum(path.stat().st_size for path in files) < 1_500_000
    assert (ASSETS / "theme.ogg").stat().st_size < 400_000


@pytest.mark.parametrize("name", [*POSTERS, "dove", "garland"])
def test_pictures_are_what_their_code_draws(name):
    drawn = POSTERS[name]().finished() if name in POSTERS else figure(name)
    with Image.open(ASSETS / f"{name}.png") as stored:
        assert stored.mode == drawn.mode
        difference = np.abs(np.asarray(stored, dtype=int) - np.asarray(drawn, dtype=int))
    assert difference.mean() < 0.5


def test_posters_have_few_colours_and_no_detail_below_three_cards(loaded):
    section = loaded.show.card_section
    for page in section.pages.values():
        if page.image is None:
            continue
        with Image.open(loaded.resolve(page.image)) as image:
            pixels = np.asarray(image.convert("RGB"))
        _, index, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
        flat = counts > 0.002 * pixels.shape[0] * pixels.shape[1]
        assert counts[flat].sum() > 0.9 * counts.sum()
        assert flat.sum() <= 20
        areas = index.reshape(pixels.shape[:2])
        thick = sum(
            ndimage.binary_opening(areas == colour, np.ones((9, 9))).sum() for colour in np.flatnonzero(flat)
        )
        assert thick > 0.85 * counts[flat].sum()


def test_the_march_is_loud_enough_and_never_clips(march):
    assert march.shape[1] == pytest.approx(12 * 48_000, abs=960)
    assert 20 * np.log10(np.abs(march).max()) <= -1
    assert loudness(march) == pytest.approx(-16, abs=0.5)
    assert np.abs(march[:, -4800:]).max() < 1e-3
    assert np.abs(march.mean(axis=1)).max() < 1e-3


def test_the_march_has_a_beat_and_a_full_spectrum(march):
    mono = march.mean(axis=0)[: int(7.5 * 48_000)]
    power = np.abs(np.fft.rfft(mono)) ** 2
    frequency = np.fft.rfftfreq(mono.size, 1 / 48_000)
    for low, high in ((40, 120), (120, 500), (500, 2000), (2000, 8000)):
        assert power[(frequency >= low) & (frequency < high)].sum() > 0.03 * power.sum()
    envelope = np.sqrt((mono.reshape(-1, 480) ** 2).mean(axis=1))
    onset = np.maximum(np.diff(envelope), 0)
    beat = [np.dot(onset[:-lag], onset[lag:]) for lag in range(40, 100)]
    assert 40 + int(np.argmax(beat)) == pytest.approx(62.5, abs=1.5)


def test_the_march_is_what_its_code_plays(march):
    played = compose()
    samples = min(played.shape[1], march.shape[1])
    for side in (0, 1):
        assert np.corrcoef(played[side, :samples], march[side, :samples])[0, 1] > 0.97


def test_loudness_of_a_full_scale_sine_is_as_the_standard_says():
    # EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS measures -23 LUFS
    time = np.arange(20 * 48_000) / 48_000
    sine = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)
    assert loudness(np.stack([sine, sine])) == pytest.approx(-23, abs=0.1)
    assert loudness(np.zeros((2, 48_000))) == float("-inf")
