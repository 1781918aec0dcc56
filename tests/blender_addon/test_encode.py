from __future__ import annotations

import os
import subprocess
import sys
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.blender_addon.encode import SOUND_RATE, EncodeError, encode_film, encode_pictures, read_music
from PIL import Image

FPS = Fraction(15)
COLOURS = np.array(
    [[192, 0, 0], [0, 192, 0], [0, 0, 192], [236, 233, 224], [20, 21, 25], [255, 194, 28]], np.uint8
)


def patches(channels=3):
    """Six flat squares of 32 pixels."""
    picture = np.repeat(np.repeat(COLOURS.reshape(2, 3, 3), 32, axis=0), 32, axis=1)
    if channels == 4:
        picture = np.concatenate([picture, np.full((64, 96, 1), 77, np.uint8)], -1)
    return np.ascontiguousarray(picture)


def frames_of(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_survive(tmp_path, channels):
    encode_pictures(tmp_path / "f.mp4", [patches(channels)], FPS, None)
    (frame,) = frames_of(tmp_path / "f.mp4")
    seen = frame.reshape(2, 32, 3, 32, 3)[:, 8:24, :, 8:24].mean(axis=(1, 3)).reshape(6, 3)
    assert np.abs(seen - COLOURS).max() < 6


def test_arrays_and_files_give_the_same_film(tmp_path):
    pictures = [patches(), patches()[::-1].copy()]
    files = []
    for number, picture in enumerate(pictures):
        files.append(tmp_path / f"{number}.png")
        Image.fromarray(picture).save(files[-1])
    order = [0, 0, 1, 1, 0]
    encode_film(tmp_path / "files.mp4", [files[k] for k in order], FPS, None)
    encode_pictures(tmp_path / "arrays.mp4", [pictures[k] for k in order], FPS, None)
    assert (tmp_path / "files.mp4").read_bytes() == (tmp_path / "arrays.mp4").read_bytes()
    frames = frames_of(tmp_path / "files.mp4")
    assert len(frames) == len(order)
    greens = [int(frame[16, 16, 1]) for frame in frames]
    assert [green > 100 for green in greens] == [False, False, True, True, False]


SAME_BYTES = """
import sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from cardstunt.blender_addon.encode import encode_pictures
cells = np.random.default_rng(5).integers(0, 256, (6, 20, 88, 3), dtype=np.uint8)
pictures = [np.roll(cells[k].repeat(8, 0).repeat(8, 1), k, 1) for k in (0, 0, 1, 2, 3, 3, 4, 5)]
encode_pictures(Path(sys.argv[1]), pictures, Fraction(15), None, crf=25, preset="veryfast")
"""


def test_bytes_do_not_depend_on_what_lay_in_memory(tmp_path):
    """glibc fills memory as told; where there is another library, this only encodes twice."""
    for fill in ("1", "170"):
        command = [sys.executable, "-c", SAME_BYTES, str(tmp_path / f"{fill}.mp4")]
        subprocess.run(command, check=True, env={**os.environ, "MALLOC_PERTURB_": fill})
    assert (tmp_path / "1.mp4").read_bytes() == (tmp_path / "170.mp4").read_bytes()


def test_sound_lies_beside_its_pictures_in_the_file(tmp_path):
    sound = np.zeros((2, 30 * SOUND_RATE), np.float32)
    encode_pictures(tmp_path / "f.mp4", [patches()] * (30 * 15), FPS, sound)
    last = {"video": 0.0, "audio": 0.0}
    apart = 0.0
    with av.open(str(tmp_path / "f.mp4")) as film:
        for packet in sorted((p for p in film.demux() if p.size), key=lambda packet: packet.pos):
            last[packet.stream.type] = float(packet.dts * packet.time_base)
            apart = max(apart, abs(last["video"] - last["audio"]))
    assert min(last.values()) > 29
    assert apart < 2.5


def test_sound_is_as_long_as_it_was(tmp_path):
    sound = np.random.default_rng(3).uniform(-0.5, 0.5, (2, 2 * SOUND_RATE + 321)).astype(np.float32)
    encode_pictures(tmp_path / "f.mp4", [patches()] * 15, FPS, sound)
    with av.open(str(tmp_path / "f.mp4")) as film:
        heard = sum(frame.samples for frame in film.decode(audio=0))
    assert 0 <= heard - sound.shape[1] <= 2048


def test_the_index_is_at_the_front(tmp_path):
    encode_pictures(tmp_path / "f.mp4", [patches()] * 4, FPS, None)
    data = (tmp_path / "f.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_film_of_nothing_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(EncodeError, match="at least one frame"):
        encode_pictures(tmp_path / "f.mp4", [], FPS, None)
    assert not list(tmp_path.iterdir())


def test_a_failing_picture_leaves_the_film_before(tmp_path):
    (tmp_path / "f.mp4").write_bytes(b"before")

    def pictures():
        yield patches()
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        encode_pictures(tmp_path / "f.mp4", pictures(), FPS, None)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


def write_tone(path, seconds, rate=8000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        time = np.arange(int(seconds * rate)) / rate
        file.writeframes((12000 * np.sin(2 * np.pi * 300 * time)).astype("<i2").tobytes())


def test_music_is_cut_faded_and_silent_past_its_end(tmp_path):
    write_tone(tmp_path / "a.wav", 3)
    sound = read_music(tmp_path / "a.wav", Fraction(1), Fraction(4))
    assert sound.shape == (2, 4 * SOUND_RATE)
    level = np.abs(sound[0]).reshape(16, -1).max(axis=1)
    assert level[:7].min() > 0.2
    assert level[9:].max() < 0.01
    faded = np.abs(read_music(tmp_path / "a.wav", Fraction(0), Fraction(2))[0])
    assert faded[-480:].max() < 0.01 < faded[: SOUND_RATE // 2].max()


def test_what_holds_no_sound_is_named(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no sound at all")
    with pytest.raises(EncodeError, match=r"a\.wav"):
        read_music(tmp_path / "a.wav", Fraction(0), Fraction(1))


def test_a_film_without_sound_in_it_is_no_music(tmp_path):
    encode_pictures(tmp_path / "f.mp4", [patches()], FPS, None)
    with pytest.raises(EncodeError, match=r"f\.mp4 holds no sound"):
        read_music(tmp_path / "f.mp4", Fraction(0), Fraction(1))


def test_music_that_ends_before_the_film_begins_is_silence(tmp_path):
    write_tone(tmp_path / "a.wav", 1)
    sound = read_music(tmp_path / "a.wav", Fraction(5), Fraction(1))
    assert sound.shape == (2, SOUND_RATE)
    assert not sound.any()


@pytest.mark.parametrize(("height", "width"), [(27, 48), (28, 47)])
def test_pictures_with_an_odd_side_are_refused_with_their_size(tmp_path, height, width):
    with pytest.raises(EncodeError, match=f"even sides; its pictures are {width} by {height} pixels"):
        encode_pictures(tmp_path / "f.mp4", [np.zeros((height, width, 3), np.uint8)], FPS, None)
    assert not list(tmp_path.iterdir())


def test_a_damaged_picture_is_named(tmp_path):
    Image.fromarray(patches()).save(tmp_path / "0001.png")
    whole = (tmp_path / "0001.png").read_bytes()
    for part in (whole[: len(whole) // 2], whole[:20], b""):
        (tmp_path / "0001.png").write_bytes(part)
        with pytest.raises(EncodeError, match=r"0001\.png is damaged .*remove it"):
            encode_film(tmp_path / "f.mp4", [tmp_path / "0001.png"], FPS, None)
    assert not (tmp_path / "f.mp4").exists()


def test_a_folder_that_is_missing_is_made_and_one_that_cannot_be_is_named(tmp_path):
    encode_pictures(tmp_path / "new" / "f.mp4", [patches()], FPS, None)
    assert (tmp_path / "new" / "f.mp4").is_file()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        encode_pictures(tmp_path / "file" / "f.mp4", [patches()], FPS, None)


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(25, 2)])
def test_frames_come_at_the_rate_asked_for(tmp_path, fps):
    encode_pictures(tmp_path / "f.mp4", [patches()] * 7, fps, None)
    with av.open(str(tmp_path / "f.mp4")) as film:
        times = [frame.pts * frame.time_base for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == fps
    assert [float(time) for time in times] == pytest.approx([float(number / fps) for number in range(7)])
