"""The elliptic curves that cards use, and the point arithmetic that `cryptography` does not offer.

Sources: FIPS 186-4, D.1.2 and RFC 5639, 3 (the curves); ICAO Doc 9303-11, 9.5.1 (the numbers that PACE has for them);
Brier and Joye, "Weierstrass Elliptic Curves and Side-Channel Attacks" (PKC 2002), section 3 (y from two x).

Only what OpenSSL can compute is here: it multiplies, in constant time. Every curve has a prime order (cofactor 1), so a point
that is on the curve and is not infinity has the order n.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from edge.idcard.errors import GarbledError

EXTRA_BYTES: Final = 8
"""So many more random bytes than the order has make no private key likelier than another."""

_UNCOMPRESSED: Final = 0x04


@dataclass(frozen=True, slots=True)
class Curve:
    """y^2 = x^3 + ax + b over the integers modulo p; (gx, gy) generates n points, the cofactor is h."""

    name: str
    """As `cryptography` names it."""
    p: int
    a: int
    b: int
    gx: int
    gy: int
    n: int
    h: int

    @property
    def size(self) -> int:
        """The bytes of a coordinate."""
        return (self.p.bit_length() + 7) // 8

    @property
    def generator(self) -> "Point":
        """The base point G."""
        return Point(self.gx, self.gy)


@dataclass(frozen=True, slots=True)
class Point:
    """A point in affine coordinates; infinity cannot be said."""

    x: int
    y: int


CURVES: Final[Mapping[str, Curve]] = MappingProxyType(
    {
        curve.name: curve
        for curve in (
            Curve(
                "secp224r1",
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000000000000000000000001,
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFE,
                0xB4050A850C04B3ABF54132565044B0B7D7BFD8BA270B39432355FFB4,
                0xB70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21,
                0xBD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34,
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D,
                1,
            ),
            Curve(
                "secp256r1",
                0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
                0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
                0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
                0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
                0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
                0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
                1,
            ),
            Curve(
                "secp384r1",
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF,
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC,
                0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
                0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
                0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
                0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
                1,
            ),
            Curve(
                "secp521r1",
                0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF,
                0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC,
                0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
                0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
                0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
                0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
                1,
            ),
            Curve(
                "brainpoolP256r1",
                0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
                0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
                0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
                0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
                0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
                0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
                1,
            ),
            Curve(
                "brainpoolP384r1",
                0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53,
                0x7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826,
                0x4A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11,
                0x1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E,
                0x8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315,
                0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565,
                1,
            ),
            Curve(
                "brainpoolP512r1",
                0xAADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3,
                0x7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA,
                0x3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723,
                0x81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822,
                0x7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892,
                0xAADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069,
                1,
            ),
        )
    }
)

PACE_CURVES: Final[Mapping[int, Curve]] = MappingProxyType(
    {
        10: CURVES["secp224r1"],
        12: CURVES["secp256r1"],
        13: CURVES["brainpoolP256r1"],
        15: CURVES["secp384r1"],
        16: CURVES["brainpoolP384r1"],
        17: CURVES["brainpoolP512r1"],
        18: CURVES["secp521r1"],
    }
)
"""The standardized domain parameters of PACE by their number (ICAO Doc 9303-11, table 6)."""

_LIBRARY: Final[Mapping[str, type[ec.EllipticCurve]]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ec.SECP224R1,
            ec.SECP256R1,
            ec.SECP384R1,
            ec.SECP521R1,
            ec.BrainpoolP256R1,
            ec.BrainpoolP384R1,
            ec.BrainpoolP512R1,
        )
    }
)


def is_on_curve(curve: Curve, point: Point) -> bool:
    """Tell whether the coordinates are in the field and satisfy the equation."""
    x, y, p = point.x, point.y, curve.p
    return 0 <= x < p and 0 <= y < p and (y * y - (x * x * x + curve.a * x + curve.b)) % p == 0


def decode_point(curve: Curve, data: bytes) -> Point:
    """Read an uncompressed point (BSI TR-03111, 3.2.1). GarbledError when it is none, is infinity or off the curve."""
    size = curve.size
    if len(data) != 1 + 2 * size or data[0] != _UNCOMPRESSED:
        raise GarbledError("a point is not uncompressed, or not as long as its curve asks")
    point = Point(int.from_bytes(data[1 : 1 + size]), int.from_bytes(data[1 + size :]))
    if not is_on_curve(curve, point):
        raise GarbledError("a point is not on its curve")
    return point


def encode_point(curve: Curve, point: Point) -> bytes:
    """Write a point uncompressed: 04, x, y."""
    return bytes([_UNCOMPRESSED]) + point.x.to_bytes(curve.size) + point.y.to_bytes(curve.size)


def add(curve: Curve, one: Point, other: Point) -> Point:
    """Return the sum. GarbledError when it is infinity: no honest peer leads there."""
    p = curve.p
    if one.x == other.x:
        if (one.y + other.y) % p == 0:
            raise GarbledError("two points add up to infinity")
        slope = (3 * one.x * one.x + curve.a) * pow(2 * one.y, -1, p)
    else:
        slope = (other.y - one.y) * pow(other.x - one.x, -1, p)
    x = (slope * slope - one.x - other.x) % p
    return Point(x, (slope * (one.x - x) - one.y) % p)


def multiply(curve: Curve, scalar: int, point: Point) -> Point:
    """Return scalar * point, 1 <= scalar < n, the point on the curve.

    OpenSSL gives only the x of a product; the y follows from the x of the next multiple, which the point differs by.
    """
    x = agree(curve, scalar, point)
    if scalar == curve.n - 1:
        return Point(x, -point.y % curve.p)
    following = agree(curve, scalar + 1, point)
    return Point(x, _y(curve, point, x, following))


def multiply_generator(curve: Curve, scalar: int) -> Point:
    """Return the public key of a private key, 1 <= scalar < n."""
    numbers = _private(curve, scalar).public_key().public_numbers()
    return Point(numbers.x, numbers.y)


def agree(curve: Curve, scalar: int, point: Point) -> int:
    """Return the x of scalar * point, 1 <= scalar < n, the point on the curve: what ECDH agrees upon."""
    public = ec.EllipticCurvePublicNumbers(point.x, point.y, _LIBRARY[curve.name]()).public_key()
    return int.from_bytes(_private(curve, scalar).exchange(ec.ECDH(), public))


def private_scalar(curve: Curve, random: bytes) -> int:
    """Make a private key of random bytes, EXTRA_BYTES more than a coordinate has (FIPS 186-4, B.4.1)."""
    return int.from_bytes(random) % (curve.n - 1) + 1


def _private(curve: Curve, scalar: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, _LIBRARY[curve.name]())


def _y(curve: Curve, point: Point, x: int, following: int) -> int:
    """Return the y of Q = (x, y), from the x of Q + point (Brier and Joye, proposition 3)."""
    p = curve.p
    twice = 2 * curve.b + (curve.a + point.x * x) * (point.x + x) - following * (point.x - x) ** 2
    return twice * pow(2 * point.y, -1, p) % p
