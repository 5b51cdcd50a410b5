"""What the machine offers: the device, bf16, and an allocator that keeps its memory."""

import ctypes
import os
import sys

# glibc's mallopt parameters, from malloc.h.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def choose() -> tuple[str, bool]:
    """The torch device and whether to compute in bf16."""
    if sys.platform == "linux":
        _keep_memory()
    import torch

    if torch.cuda.is_available():
        torch.backends.cuda.matmul.allow_tf32 = True
        return "cuda", True
    return "cpu", bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def attention(device: str) -> str:
    """The fastest of Transformers' attentions: the fused one's way back is slow on a CPU."""
    return "eager" if device == "cpu" else "sdpa"


def _keep_memory() -> None:
    """Stops glibc from giving large blocks back after each step, and asks for huge pages.

    Otherwise every step of a large batch pays for the same pages again.
    """
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    libc = ctypes.CDLL(None)
    libc.mallopt(M_MMAP_MAX, 0)
    libc.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
    libc.mallopt(M_TOP_PAD, 256 * 2**20)
