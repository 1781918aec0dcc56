"""The CUDA sources: compiled for a device through CuPy, or checked with NVRTC where there is no GPU."""

from __future__ import annotations

import ctypes
import functools
import importlib
import importlib.util
from pathlib import Path
from typing import Any

CUDA_FOLDER = Path(__file__).parent / "cuda"
ARCHITECTURES = (75, 80, 86, 89, 90, 100)
"""Compute capabilities, times ten, that every source must compile for: Turing to Blackwell."""

_OPTIONS = ("--std=c++17", "--fmad=false")  # no fused multiply-add: NumPy rounds after each operation


class CudaCompileError(RuntimeError):
    """A CUDA source does not compile; the message holds the compiler's log."""


class NvrtcNotFoundError(ImportError):
    """No NVRTC library is at hand."""


def sources() -> tuple[Path, ...]:
    """Return the paths of all CUDA sources, sorted by name."""
    return tuple(sorted(CUDA_FOLDER.glob("*.cu")))


def cuda_function(source: str, function: str) -> Any:
    """Return one function of a CUDA source, compiled for the current device; compiled once a device.

    Parameters
    ----------
    source
        Name of the source, without ``.cu``.
    function
        Name of a ``__global__`` function in it.

    Returns
    -------
    cupy.RawKernel
        Call it with grid, block and arguments.

    Raises
    ------
    ImportError
        If CuPy is not installed.
    cupy.cuda.compiler.CompileException
        If the source does not compile for the device.
    """
    cupy = importlib.import_module("cupy")
    return _cuda_function(source, function, cupy.cuda.Device().id)


@functools.cache
def _cuda_function(source: str, function: str, device: int) -> Any:
    """`device` is part of the key only: CuPy compiles for the device that is current."""
    cupy = importlib.import_module("cupy")
    code = (CUDA_FOLDER / f"{source}.cu").read_text(encoding="utf-8")
    return cupy.RawModule(code=code, options=_OPTIONS, backend="nvrtc").get_function(function)


def _library_candidates() -> list[str]:
    found: list[str] = []
    package = importlib.util.find_spec("nvidia")
    for folder in (package.submodule_search_locations or []) if package else []:
        for pattern in ("*/lib/libnvrtc.so.*", "*/bin/nvrtc64_*.dll", "*/bin/*/nvrtc64_*.dll"):
            libraries = (path for path in Path(folder).glob(pattern) if ".alt." not in path.name)
            found.extend(str(path) for path in sorted(libraries, reverse=True))
    return [*found, "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"]


@functools.cache
def _nvrtc() -> ctypes.CDLL:
    for candidate in _library_candidates():
        try:
            library = ctypes.CDLL(candidate)
        except OSError:
            continue
        library.nvrtcGetErrorString.restype = ctypes.c_char_p
        return library
    raise NvrtcNotFoundError("NVRTC was not found: install the wheel nvidia-cuda-nvrtc, or a CUDA toolkit")


def compile_cubin(source: Path, architecture: int) -> bytes:
    """Compile a CUDA source to machine code. Needs NVRTC, but no GPU, no driver and no CuPy.

    Parameters
    ----------
    source
        Path of a ``.cu`` file.
    architecture
        Compute capability times ten, such as 90.

    Returns
    -------
    bytes
        The cubin, an ELF file.

    Raises
    ------
    CudaCompileError
        If the source does not compile; with the compiler's log.
    NvrtcNotFoundError
        If there is no NVRTC library.
    OSError
        If the source cannot be read.
    """
    nvrtc = _nvrtc()
    program = ctypes.c_void_p()

    def check(result: int, what: str) -> None:
        if result != 0:
            reason = nvrtc.nvrtcGetErrorString(result).decode()
            raise CudaCompileError(
                f"{source.name} for sm_{architecture}: {what}: {reason}\n{_log(nvrtc, program)}"
            )

    code = source.read_bytes()
    check(
        nvrtc.nvrtcCreateProgram(ctypes.byref(program), code, source.name.encode(), 0, None, None),
        "no program was made",
    )
    try:
        options = [option.encode() for option in (f"--gpu-architecture=sm_{architecture}", *_OPTIONS)]
        array = (ctypes.c_char_p * len(options))(*options)
        check(nvrtc.nvrtcCompileProgram(program, len(options), array), "it does not compile")
        size = ctypes.c_size_t()
        check(nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size)), "it has no cubin")
        cubin = ctypes.create_string_buffer(size.value)
        check(nvrtc.nvrtcGetCUBIN(program, cubin), "its cubin cannot be read")
        return cubin.raw
    finally:
        nvrtc.nvrtcDestroyProgram(ctypes.byref(program))


def _log(nvrtc: ctypes.CDLL, program: ctypes.c_void_p) -> str:
    size = ctypes.c_size_t()
    if not program or nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size)) != 0:
        return ""
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    return log.value.decode(errors="replace")
