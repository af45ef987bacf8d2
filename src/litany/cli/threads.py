"""How many threads NumPy's library of linear algebra starts; it looks at the environment once, while it is loaded."""

import os

NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_each() -> None:
    """One, unless the user said otherwise: the pocket reader's matrices are small, and a sweep has its own threads.

    Has an effect only before NumPy is imported.
    """
    for name in NAMES:
        os.environ.setdefault(name, "1")
