from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.curves import (
    CURVES,
    EXTRA_BYTES,
    PACE_CURVES,
    Curve,
    Point,
    add,
    agree,
    decode_point,
    encode_point,
    is_on_curve,
    multiply,
    multiply_generator,
    private_scalar,
)
from edge.idcard.errors import CardError, GarbledError
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.vectors import PACE, pace

ALL = list(CURVES.values())
BRAINPOOL = PACE_CURVES[13]

each_curve = pytest.mark.parametrize("curve", ALL, ids=[curve.name for curve in ALL])


def scalar(name: str) -> int:
    return int(PACE[name], 16)


@each_curve
def test_the_generator_is_on_the_curve_and_is_the_library_s(curve: Curve) -> None:
    assert is_on_curve(curve, curve.generator)
    assert multiply_generator(curve, 1) == curve.generator


@each_curve
def test_the_order_is_the_library_s(curve: Curve) -> None:
    minus_one = multiply_generator(curve, curve.n - 1)
    assert minus_one == Point(curve.gx, curve.p - curve.gy)
    with pytest.raises(ValueError, match="out of range"):
        multiply_generator(curve, curve.n)
    assert curve.h == 1


@each_curve
def test_the_coefficients_are_the_library_s(curve: Curve) -> None:
    """Two points of the library's fix a and b modulo p; were p wrong, the sums and multiples below would be."""
    one, other = multiply_generator(curve, 2), multiply_generator(curve, 3)
    p = curve.p
    a = (one.y**2 - one.x**3 - (other.y**2 - other.x**3)) * pow(one.x - other.x, -1, p) % p
    assert a == curve.a
    assert (one.y**2 - one.x**3 - a * one.x) % p == curve.b


def test_the_names_are_the_library_s() -> None:
    nist = {ec.SECP224R1.name, ec.SECP256R1.name, ec.SECP384R1.name, ec.SECP521R1.name}
    brainpool = {ec.BrainpoolP256R1.name, ec.BrainpoolP384R1.name, ec.BrainpoolP512R1.name}
    assert nist | brainpool == set(CURVES)


def test_pace_numbers_the_curves_as_its_table_says() -> None:
    assert {number: curve.name for number, curve in PACE_CURVES.items()} == {
        10: "secp224r1",
        12: "secp256r1",
        13: "brainpoolP256r1",
        15: "secp384r1",
        16: "brainpoolP384r1",
        17: "brainpoolP512r1",
        18: "secp521r1",
    }


@pytest.mark.parametrize(("name", "size"), [("secp224r1", 28), ("brainpoolP256r1", 32), ("secp521r1", 66)])
def test_a_coordinate_has_whole_bytes(name: str, size: int) -> None:
    assert CURVES[name].size == size


@each_curve
@pytest.mark.parametrize("times", [1, 2, 3, 0x1234567, -3, -2, -1])
def test_a_multiple_of_a_point_is_the_generator_s_multiple(curve: Curve, times: int) -> None:
    known = 0xC0FFEE
    point = multiply_generator(curve, known)
    factor = times % curve.n
    assert multiply(curve, factor, point) == multiply_generator(curve, known * factor % curve.n)


@each_curve
def test_both_sides_agree(curve: Curve) -> None:
    mine, theirs = curve.n // 3, curve.n // 7
    ours = agree(curve, mine, multiply_generator(curve, theirs))
    assert ours == agree(curve, theirs, multiply_generator(curve, mine))
    assert ours == multiply_generator(curve, mine * theirs % curve.n).x


@each_curve
def test_points_are_added_as_their_multiples_are(curve: Curve) -> None:
    two, three, five = (multiply_generator(curve, factor) for factor in (2, 3, 5))
    assert add(curve, two, three) == add(curve, three, two) == five
    assert add(curve, curve.generator, curve.generator) == two


@each_curve
def test_what_adds_up_to_infinity_is_refused(curve: Curve) -> None:
    opposite = Point(curve.gx, curve.p - curve.gy)
    with pytest.raises(GarbledError, match="infinity"):
        add(curve, curve.generator, opposite)


def test_the_mapping_of_appendix_g_is_computed() -> None:
    theirs = decode_point(BRAINPOOL, pace("map_ic_public"))
    assert encode_point(BRAINPOOL, multiply_generator(BRAINPOOL, scalar("map_ifd_private"))) == pace(
        "map_ifd_public"
    )
    shared = multiply(BRAINPOOL, scalar("map_ifd_private"), theirs)
    mapped = add(BRAINPOOL, multiply_generator(BRAINPOOL, scalar("nonce")), shared)
    own = multiply(BRAINPOOL, scalar("ephemeral_ifd_private"), mapped)
    assert encode_point(BRAINPOOL, own) == pace("ephemeral_ifd_public")


@each_curve
def test_points_are_written_and_read(curve: Curve) -> None:
    written = encode_point(curve, curve.generator)
    assert written[0] == 4
    assert len(written) == 1 + 2 * curve.size
    assert decode_point(curve, written) == curve.generator


RIGHT = encode_point(BRAINPOOL, BRAINPOOL.generator)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\0",
        RIGHT[:-1],
        RIGHT + b"\0",
        b"\x02" + RIGHT[1:33],
        b"\x05" + RIGHT[1:],
        RIGHT[:-1] + bytes([RIGHT[-1] ^ 1]),
        b"\x04" + bytes(64),
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(wrong: bytes) -> None:
    with pytest.raises(GarbledError, match="a point is not"):
        decode_point(BRAINPOOL, wrong)


def test_a_coordinate_beyond_the_field_is_refused() -> None:
    small = next(_small_points())
    assert is_on_curve(BRAINPOOL, small)
    assert not is_on_curve(BRAINPOOL, Point(small.x + BRAINPOOL.p, small.y))


@given(st.binary(max_size=70))
def test_any_bytes_are_a_point_or_an_error(data: bytes) -> None:
    try:
        point = decode_point(BRAINPOOL, data)
    except CardError:
        return
    assert is_on_curve(BRAINPOOL, point)


@unhurried
@given(st.binary(min_size=32 + EXTRA_BYTES, max_size=32 + EXTRA_BYTES))
def test_any_random_bytes_make_a_private_key(random: bytes) -> None:
    assert 1 <= private_scalar(BRAINPOOL, random) < BRAINPOOL.n


def test_the_least_and_the_greatest_private_key_are_reached() -> None:
    assert private_scalar(BRAINPOOL, bytes(40)) == 1
    assert private_scalar(BRAINPOOL, (BRAINPOOL.n - 2).to_bytes(40)) == BRAINPOOL.n - 1


def _small_points() -> Iterator[Point]:
    """Points whose x can be written a second time, p higher (p of this curve is 3 modulo 4)."""
    for x in range(1, 50):
        square = (x**3 + BRAINPOOL.a * x + BRAINPOOL.b) % BRAINPOOL.p
        y = pow(square, (BRAINPOOL.p + 1) // 4, BRAINPOOL.p)
        if y * y % BRAINPOOL.p == square:
            yield Point(x, y)
