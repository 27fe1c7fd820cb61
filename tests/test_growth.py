"""The judge of growth tells linear work from quadratic work."""

from __future__ import annotations

from tests.growth import grows_with_its_size


def test_linear_work_passes_and_quadratic_work_does_not() -> None:
    def linear(text: str) -> int:
        return sum(1 for _ in range(200 * len(text)))

    def quadratic(text: str) -> int:
        return sum(1 for _ in text for _ in text)

    assert grows_with_its_size(linear, "x" * 30_000)
    assert not grows_with_its_size(quadratic, "x" * 4_000)
