"""How numpy multiplies matrices in this process."""

from __future__ import annotations

from functools import cache

from threadpoolctl import threadpool_limits


@cache
def one_thread() -> None:
    """Has BLAS use one thread from now on.

    The last digits of a product depend on how many threads share it, so a score that is rounded would on
    another number of cores. And threads that wait for their share spin: over the products of the role
    signals half of the CPU time went there. Where there is much to multiply, callers share out whole pieces.
    """
    threadpool_limits(1, user_api="blas")
