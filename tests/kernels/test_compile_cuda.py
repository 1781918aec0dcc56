from __future__ import annotations

import struct

import pytest
from cardstunt.kernels import compile_cuda
from cardstunt.kernels.compile_cuda import (
    ARCHITECTURES,
    CudaCompileError,
    NvrtcNotFoundError,
    compile_cubin,
    sources,
)

MACHINE_CUDA = 190


def test_there_are_sources():
    assert "books.cu" in [source.name for source in sources()]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_every_source_compiles_for_every_architecture(source, architecture):
    cubin = compile_cubin(source, architecture)
    assert cubin[:4] == b"\x7fELF"
    assert struct.unpack_from("<H", cubin, 18)[0] == MACHINE_CUDA


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_every_source_has_a_numpy_twin_by_name(source):
    """Each .cu file belongs to the kernel module of the same name."""
    assert (compile_cuda.CUDA_FOLDER.parent / f"{source.stem}.py").is_file()


def test_a_source_that_does_not_compile_gives_the_compilers_log(tmp_path):
    source = tmp_path / "broken.cu"
    source.write_text("__global__ void f() { nonsense; }")
    with pytest.raises(CudaCompileError, match=r'broken\.cu for sm_90(.|\n)*"nonsense" is undefined'):
        compile_cubin(source, 90)


def test_an_architecture_that_does_not_exist_is_the_same_error():
    with pytest.raises(CudaCompileError, match="sm_13"):
        compile_cubin(sources()[0], 13)


def test_a_missing_compiler_says_what_to_install(monkeypatch):
    monkeypatch.setattr(compile_cuda, "_library_candidates", lambda: ["libno-such-nvrtc.so"])
    compile_cuda._nvrtc.cache_clear()
    try:
        with pytest.raises(NvrtcNotFoundError, match="nvidia-cuda-nvrtc"):
            compile_cubin(sources()[0], 90)
    finally:
        compile_cuda._nvrtc.cache_clear()
