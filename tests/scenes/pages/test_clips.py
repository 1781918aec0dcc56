from __future__ import annotations

import io
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.scenes.pages import PageError, animations, clips
from cardstunt.scenes.pages import clip as clip_base
from cardstunt.scenes.pages.clips import open_clip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

CONTAINERS = {
    "mp4": ("libx264", "yuv420p"),
    "mov": ("libx264", "yuv420p"),
    "mkv": ("libx264", "yuv420p"),
    "webm": ("libvpx-vp9", "yuv420p"),
    "avi": ("mpeg4", "yuv420p"),
    "ts": ("libx264", "yuv420p"),
    "ogv": ("libvpx", "yuv420p"),
}
FRAMES = 24
LEVELS = 20 + 9 * np.arange(FRAMES)


def numbered(count=FRAMES, wide=32, high=16):
    """Grey frames that can be told apart."""
    return [np.full((high, wide, 3), LEVELS[number], np.uint8) for number in range(count)]


def write_video(
    path, frames, codec="libx264", pixels="yuv420p", *, rate=12, kind="rgb24", options=None, **flags
):
    with av.open(str(path), "w", options=flags) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels
        stream.options = {"g": "6"} | (options or {})
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format=kind)
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def level(clip, index):
    """The grey of a frame, as a byte."""
    light, alpha = clip.picture(index, 1000, 1000)
    assert (alpha == 1).all()
    value = float(light.mean())
    return 255 * (1.055 * value ** (1 / 2.4) - 0.055)


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos")
    made = {}

    def video(suffix):
        if suffix not in made:
            made[suffix] = write_video(folder / f"clip.{suffix}", numbered(), *CONTAINERS[suffix])
        return made[suffix]

    return video


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_all_frames_are_there_in_order_at_their_times(videos, suffix):
    clip = open_clip(videos(suffix), "clip")
    assert len(clip.times) == FRAMES
    assert clip.length == pytest.approx(2, abs=0.01)
    begins = [float(clip.begins(index)) for index in range(FRAMES)]
    np.testing.assert_allclose(begins, np.arange(FRAMES) / 12, atol=0.002)
    np.testing.assert_allclose([level(clip, index) for index in range(FRAMES)], LEVELS, atol=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(CONTAINERS)), st.lists(st.integers(0, FRAMES - 1), min_size=1, max_size=8))
def test_a_frame_is_the_same_whatever_came_before(videos, suffix, order):
    clip = open_clip(videos(suffix), "clip")
    for index in order:
        assert level(clip, index) == pytest.approx(LEVELS[index], abs=4)


def test_a_frame_has_the_same_bytes_forward_and_backward(videos):
    forward, backward = (clips._Video(videos("mp4"), "clip") for _ in range(2))
    there = [forward.picture(index, 99, 99)[0].copy() for index in range(FRAMES)]
    back = [backward.picture(index, 99, 99)[0].copy() for index in reversed(range(FRAMES))]
    for one, other in zip(there, reversed(back), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_rising_run_decodes_each_frame_once(videos, monkeypatch):
    clip = clips._Video(videos("mp4"), "clip")
    monkeypatch.setattr(clip, "_seek", lambda key: pytest.fail("went back") if key else None)
    for index in range(0, 6):
        level(clip, index)


def test_what_is_far_ahead_is_jumped_to(videos, monkeypatch):
    clip = clips._Video(videos("mp4"), "clip")
    level(clip, 0)
    jumps, seek = [], clip._seek
    monkeypatch.setattr(clip, "_seek", lambda key: (jumps.append(key), seek(key)))
    assert level(clip, FRAMES - 1) == pytest.approx(LEVELS[-1], abs=4)
    assert jumps == [len(clip._keys) - 1]
    assert jumps[0] > 0


def test_the_frame_of_a_moment_is_the_last_that_has_begun(videos):
    clip = open_clip(videos("mkv"), "clip")  # whose times are rounded to milliseconds
    for index in range(FRAMES):
        assert clip.index(Fraction(index, 12)) == index
        assert clip.index(Fraction(index, 12) + Fraction(1, 20)) == index
    assert clip.index(Fraction(-1)) == 0
    assert clip.index(Fraction(100)) == FRAMES - 1


def test_frames_that_do_not_follow_each_other_evenly(tmp_path):
    path = tmp_path / "uneven.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1000)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for frame, at in zip(numbered(4), (0, 100, 150, 900), strict=True):
            picture = av.VideoFrame.from_ndarray(frame)
            picture.pts, picture.time_base = at, Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    clip = open_clip(path, "uneven")
    assert [clip.index(Fraction(at, 1000)) for at in (99, 100, 149, 150, 899, 900)] == [0, 1, 1, 2, 2, 3]
    assert level(clip, 2) == pytest.approx(LEVELS[2], abs=4)


def test_a_stream_that_begins_late_begins_at_0(tmp_path):
    path = tmp_path / "late.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for number, frame in enumerate(numbered(5)):
            picture = av.VideoFrame.from_ndarray(frame)
            picture.pts = number + 50
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    clip = open_clip(path, "late")
    assert clip.begins(0) == 0
    assert clip.length == pytest.approx(0.5, abs=0.01)
    assert level(clip, 3) == pytest.approx(LEVELS[3], abs=4)


def animation(path, frames, durations, **options):
    images = [Image.fromarray(frame) for frame in frames]
    images[0].save(path, save_all=True, append_images=images[1:], duration=durations, loop=0, **options)
    return path


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("gif", {}), ("webp", {"lossless": True}), ("png", {}), ("apng", {"format": "PNG"})],
)
def test_animated_pictures_are_moving_pictures(tmp_path, suffix, options):
    path = animation(tmp_path / f"dance.{suffix}", numbered(5), [100, 200, 50, 300, 150], **options)
    clip = open_clip(path, "dance")
    assert [clip.begins(index) for index in range(5)] == [
        Fraction(at, 1000) for at in (0, 100, 300, 350, 650)
    ]
    assert clip.length == Fraction(4, 5)
    for index in (4, 0, 2, 1, 3, 3):
        assert level(clip, index) == pytest.approx(LEVELS[index], abs=1)


def test_frames_that_no_browser_shows_so_short_last_a_tenth_of_a_second(tmp_path):
    path = animation(tmp_path / "fast.gif", numbered(3), [0, 10, 20])
    assert open_clip(path, "fast").times == [0, 100, 200]


def test_a_gifs_transparency_is_alpha_and_what_stays_below_is_kept(tmp_path):
    first = Image.new("RGBA", (8, 4), (200, 0, 0, 255))
    first.paste((0, 0, 0, 0), (0, 0, 4, 4))
    second = Image.new("RGBA", (8, 4), (0, 0, 0, 0))
    second.paste((0, 0, 255, 255), (6, 0, 8, 4))
    path = tmp_path / "clear.gif"
    first.save(path, save_all=True, append_images=[second], duration=100, disposal=1)
    light, alpha = open_clip(path, "clear").picture(1, 99, 99)
    assert alpha[0].tolist() == [0] * 4 + [1] * 4
    assert light[0, 5, 0] > 0.5
    assert light[0, 7, 2] == 1
    assert not light[:, :4].any()


def test_a_still_picture_is_a_clip_of_one_frame(tmp_path):
    Image.new("RGB", (4, 4), "white").save(tmp_path / "still.png")
    clip = open_clip(tmp_path / "still.png", "still")
    assert clip.times == [0]
    assert level(clip, 0) == pytest.approx(255)


@pytest.mark.parametrize(
    ("suffix", "codec", "pixels"),
    [
        ("webm", "libvpx-vp9", "yuva420p"),
        ("webm", "libvpx", "yuva420p"),
        ("mov", "qtrle", "argb"),
        ("mov", "prores_ks", "yuva444p10le"),
        ("mkv", "ffv1", "bgra"),
    ],
)
def test_a_videos_alpha_is_kept(tmp_path, suffix, codec, pixels):
    frames = [np.full((32, 64, 4), (200, 40, 40, 20 + 50 * number), np.uint8) for number in range(5)]
    options = {"auto-alt-ref": "0"} if codec == "libvpx" else {}
    path = write_video(tmp_path / f"clear.{suffix}", frames, codec, pixels, kind="rgba", options=options)
    clip = open_clip(path, "clear")
    for index in (4, 1, 3):
        light, alpha = clip.picture(index, 99, 99)
        np.testing.assert_allclose(alpha, (20 + 50 * index) / 255, atol=0.03)
        np.testing.assert_allclose(light[..., 0] / alpha, 0.578, atol=0.06)


def test_large_frames_come_scaled_down_but_not_below_what_is_wanted(tmp_path):
    path = write_video(tmp_path / "large.mp4", numbered(2, 320, 160))
    clip = open_clip(path, "large")
    assert clip.picture(0, 80, 10)[0].shape == (40, 80, 3)
    assert clip.picture(0, 10, 80)[0].shape == (80, 160, 3)
    assert clip.picture(0, 1000, 1000)[0].shape == (160, 320, 3)


def test_pictures_are_not_to_be_written_to(videos):
    light, alpha = open_clip(videos("mp4"), "clip").picture(0, 9, 9)
    assert not light.flags.writeable
    assert not alpha.flags.writeable


def test_few_clips_stay_open_and_few_pictures_are_kept(tmp_path):
    first = None
    for number in range(clips._OPEN_CLIPS + 2):
        path = write_video(tmp_path / f"{number}.mp4", numbered(8))
        clip = open_clip(path, "clip")
        first = first or clip
        for index in range(8):
            level(clip, index)
        assert len(clip._kept) <= clip_base._LAST_PICTURES
    assert len(clips._clips) <= clips._OPEN_CLIPS
    assert open_clip(tmp_path / "0.mp4", "clip") is not first
    assert open_clip(path, "clip") is clip


def test_a_file_that_was_written_anew_is_read_anew(tmp_path):
    path = write_video(tmp_path / "clip.mp4", numbered(8))
    assert len(open_clip(path, "clip").times) == 8
    write_video(path, numbered(5))
    assert len(open_clip(path, "clip").times) == 5


def cut(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])
    return path


def noisy(count=40):
    random = np.random.Generator(np.random.Philox(1))
    return [random.integers(0, 256, (64, 96, 3)).astype(np.uint8) for _ in range(count)]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("suffix", "flags"), [("mp4", {"movflags": "faststart"}), ("mp4", {}), ("mkv", {})])
def test_a_video_that_is_cut_off_is_an_error(tmp_path, suffix, flags, share):
    path = cut(write_video(tmp_path / f"half.{suffix}", noisy(), **flags), share)
    with pytest.raises(PageError, match=r"'half' cannot be used as a video: \w"):
        open_clip(path, "half")


def test_a_video_whose_last_frame_is_cut_off_is_an_error(tmp_path):
    path = cut(write_video(tmp_path / "end.mp4", noisy(), movflags="faststart"), 0.995)
    with pytest.raises(PageError, match=r"it is cut off or damaged after 39 frames"):
        open_clip(path, "end")


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_that_is_cut_off_is_an_error(tmp_path, suffix):
    path = cut(animation(tmp_path / f"half.{suffix}", noisy(6), 100), 0.5)
    with pytest.raises(PageError, match=r"'half' cannot be used as a video: \w"):
        open_clip(path, "half").picture(5, 9, 9)


def test_damage_within_a_video_is_an_error_that_says_where(tmp_path):
    path = write_video(tmp_path / "hurt.mov", noisy(), "png", "rgb24")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = bytes(400)
    path.write_bytes(content)
    clip = open_clip(path, "hurt")
    clip.picture(0, 9, 9)
    with pytest.raises(
        PageError, match=r"'hurt' cannot be used as a video: it is damaged near 1\.\d\d s \('\w"
    ):
        clip.picture(len(clip.times) // 2, 9, 9)


def test_a_video_without_frames_is_an_error(tmp_path):
    path = tmp_path / "none.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        container.start_encoding()
    with pytest.raises(PageError, match=r"'none' cannot be used as a video: .*(no frames|no moving picture)"):
        open_clip(path, "none")


def test_a_sound_is_not_a_video(tmp_path):
    with wave.open(str(tmp_path / "theme.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    path = tmp_path / "theme.mkv"
    with av.open(str(tmp_path / "theme.wav")) as source, av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=8000)
        for frame in source.decode(audio=0):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(PageError, match="holds no moving picture"):
        open_clip(path, "theme")


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "gif", "png", "avi"])
@pytest.mark.parametrize("content", [b"", b"not a video at all", bytes(5000)])
def test_other_files_are_an_error(tmp_path, suffix, content):
    path = tmp_path / f"note.{suffix}"
    path.write_bytes(content)
    with pytest.raises(PageError, match=r"'note' cannot be used as a video: it .*(empty|another kind)"):
        open_clip(path, "note")


def test_a_playlist_in_disguise_opens_no_other_file(tmp_path, videos):
    for disguise in ("mp4", "ts", "mkv"):
        path = tmp_path / f"list.{disguise}"
        path.write_text(f"ffconcat version 1.0\nfile '{videos('mp4')}'\n")
        with pytest.raises(PageError):
            open_clip(path, "list")


def test_other_names_and_missing_files_are_errors(tmp_path):
    with pytest.raises(PageError, match=r"'song.mp3' is not a video that is read; allowed: \.mp4"):
        open_clip(tmp_path / "song.mp3", "song.mp3")
    with pytest.raises(PageError, match=r"'gone.mp4' cannot be read"):
        open_clip(tmp_path / "gone.mp4", "gone.mp4")


def test_a_picture_far_too_large_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    path = write_video(tmp_path / "huge.mp4", numbered(2))
    content = io.BytesIO()
    Image.new("RGB", (40, 20)).save(content, "GIF")
    (tmp_path / "huge.gif").write_bytes(content.getvalue())
    for module in (clips, animations):
        monkeypatch.setattr(module, "MOST_PIXELS", 500)
    for name in (path, tmp_path / "huge.gif"):
        with pytest.raises(PageError, match=r"it has \d+ by \d+ pixels"):
            open_clip(name, "huge")


def test_a_cover_picture_is_not_the_moving_picture(tmp_path):
    path = tmp_path / "cover.mp4"
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(content, "PNG")
    with av.open(str(path), "w") as container:
        film = container.add_stream("libx264", rate=10)
        film.width, film.height, film.pix_fmt = 32, 16, "yuv420p"
        cover = container.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        for number, frame in enumerate(numbered(4)):
            picture = av.VideoFrame.from_ndarray(frame)
            picture.pts = number
            container.mux(film.encode(picture))
        container.mux(film.encode(None))
        container.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(cover.encode(None))
    clip = open_clip(path, "cover")
    assert len(clip.times) == 4
    assert clip.picture(0, 99, 99)[0].shape == (16, 32, 3)
