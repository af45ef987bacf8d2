"""McNemar's exact test: of the questions that only one arm got right, is it too often the same arm?"""

from litany.errors import EvalError


def mcnemar(first: int, second: int) -> float:
    """Two-sided p of so many that only the first arm got right and so many that only the second did; 1 of none.

    Exact: a fair coin for each. For one outcome a question; where a question was asked more than once, take `paired`.

    Raises: EvalError where a count is negative.
    """
    if first < 0 or second < 0:
        raise EvalError(f"{first} and {second} are no counts; give how many questions only one arm got right")
    n, fewer = first + second, min(first, second)
    ways = total = 1
    for k in range(fewer):
        ways = ways * (n - k) // (k + 1)
        total += ways
    return min(1.0, 2 * total / (1 << n))
