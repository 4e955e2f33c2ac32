"""Elliptic curves of the chip and of its issuer: the points that `cryptography` does not add, and explicit parameters.

Written for a fake: neither fast nor constant in time.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.idcard import ber

Point = tuple[int, int]
ID_EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
PRIME_FIELD: Final = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class Curve:
    """y^2 = x^3 + a x + b over the field of p elements, a group of prime order n."""

    named: ec.EllipticCurve
    p: int
    a: int
    b: int
    n: int

    @property
    def octets(self) -> int:
        return (self.p.bit_length() + 7) // 8

    @property
    def generator(self) -> Point:
        return self.point_of(ec.derive_private_key(1, self.named).public_key())

    def point_of(self, key: ec.EllipticCurvePublicKey) -> Point:
        numbers = key.public_numbers()
        return numbers.x, numbers.y

    def has(self, point: Point) -> bool:
        x, y = point
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - x**3 - self.a * x - self.b) % self.p == 0

    def add(self, one: Point | None, other: Point | None) -> Point | None:
        """The sum; None is the point at infinity."""
        if one is None or other is None:
            return one or other
        if one[0] == other[0] and (one[1] + other[1]) % self.p == 0:
            return None
        slope = self._tangent(one) if one == other else self._chord(one, other)
        x = (slope * slope - one[0] - other[0]) % self.p
        return x, (slope * (one[0] - x) - one[1]) % self.p

    def _tangent(self, point: Point) -> int:
        return (3 * point[0] ** 2 + self.a) * pow(2 * point[1], -1, self.p) % self.p

    def _chord(self, one: Point, other: Point) -> int:
        return (other[1] - one[1]) * pow(other[0] - one[0], -1, self.p) % self.p

    def times(self, factor: int, point: Point) -> Point:
        """The multiple; ValueError when it is the point at infinity."""
        total: Point | None = None
        power: Point | None = point
        while factor:
            if factor & 1:
                total = self.add(total, power)
            power = self.add(power, power)
            factor >>= 1
        if total is None:
            raise ValueError("the point at infinity")
        return total

    def times_generator(self, factor: int) -> Point:
        """The generator's multiple, by OpenSSL."""
        return self.point_of(ec.derive_private_key(factor % self.n, self.named).public_key())

    def agree(self, private: int, encoded: bytes) -> bytes:
        """The shared secret with a public point, its x alone, by OpenSSL."""
        public = ec.EllipticCurvePublicKey.from_encoded_point(self.named, encoded)
        return ec.derive_private_key(private, self.named).exchange(ec.ECDH(), public)

    def encode(self, point: Point) -> bytes:
        """Uncompressed (BSI TR-03111, 3.2.1)."""
        return b"\4" + b"".join(coordinate.to_bytes(self.octets) for coordinate in point)

    def decode(self, encoded: bytes) -> Point:
        """The point of this curve that was encoded uncompressed; else ValueError."""
        half = self.octets
        if len(encoded) != 1 + 2 * half or encoded[0] != 4:
            raise ValueError("not an uncompressed point of this length")
        point = int.from_bytes(encoded[1 : 1 + half]), int.from_bytes(encoded[1 + half :])
        if not self.has(point):
            raise ValueError("not a point of this curve")
        return point

    def explicit_key_info(self, key: ec.EllipticCurvePublicKey) -> bytes:
        """The SubjectPublicKeyInfo with all parameters written out (RFC 3279, 2.3.5), as most travel documents have it."""
        parameters = ber.sequence(
            ber.integer(1),
            ber.sequence(ber.oid(PRIME_FIELD), ber.integer(self.p)),
            ber.sequence(ber.octets(self.a.to_bytes(self.octets)), ber.octets(self.b.to_bytes(self.octets))),
            ber.octets(self.encode(self.generator)),
            ber.integer(self.n),
            ber.integer(1),
        )
        algorithm = ber.sequence(ber.oid(ID_EC_PUBLIC_KEY), parameters)
        return ber.sequence(algorithm, ber.bits(self.encode(self.point_of(key))))


BRAINPOOL_P256R1: Final = Curve(
    ec.BrainpoolP256R1(),
    p=0xA9FB57DB_A1EEA9BC_3E660A90_9D838D72_6E3BF623_D5262028_2013481D_1F6E5377,
    a=0x7D5A0975_FC2C3057_EEF67530_417AFFE7_FB8055C1_26DC5C6C_E94A4B44_F330B5D9,
    b=0x26DC5C6C_E94A4B44_F330B5D9_BBD77CBF_95841629_5CF7E1CE_6BCCDC18_FF8C07B6,
    n=0xA9FB57DB_A1EEA9BC_3E660A90_9D838D71_8C397AA3_B561A6F7_901E0E82_974856A7,
)
BRAINPOOL_P384R1: Final = Curve(
    ec.BrainpoolP384R1(),
    p=0x8CB91E82_A3386D28_0F5D6F7E_50E641DF_152F7109_ED5456B4_12B1DA19_7FB71123_ACD3A729_901D1A71_87470013_3107EC53,
    a=0x7BC382C6_3D8C150C_3C72080A_CE05AFA0_C2BEA28E_4FB22787_139165EF_BA91F90F_8AA5814A_503AD4EB_04A8C7DD_22CE2826,
    b=0x04A8C7DD_22CE2826_8B39B554_16F0447C_2FB77DE1_07DCD2A6_2E880EA5_3EEB62D5_7CB43902_95DBC994_3AB78696_FA504C11,
    n=0x8CB91E82_A3386D28_0F5D6F7E_50E641DF_152F7109_ED5456B3_1F166E6C_AC0425A7_CF3AB6AF_6B7FC310_3B883202_E9046565,
)
BRAINPOOL_P512R1: Final = Curve(
    ec.BrainpoolP512R1(),
    p=0xAADD9DB8_DBE9C48B_3FD4E6AE_33C9FC07_CB308DB3_B3C9D20E_D6639CCA_70330871_7D4D9B00_9BC66842_AECDA12A_E6A380E6_2881FF2F_2D82C685_28AA6056_583A48F3,
    a=0x7830A331_8B603B89_E2327145_AC234CC5_94CBDD8D_3DF91610_A83441CA_EA9863BC_2DED5D5A_A8253AA1_0A2EF1C9_8B9AC8B5_7F1117A7_2BF2C7B9_E7C1AC4D_77FC94CA,
    b=0x3DF91610_A83441CA_EA9863BC_2DED5D5A_A8253AA1_0A2EF1C9_8B9AC8B5_7F1117A7_2BF2C7B9_E7C1AC4D_77FC94CA_DC083E67_984050B7_5EBAE5DD_2809BD63_8016F723,
    n=0xAADD9DB8_DBE9C48B_3FD4E6AE_33C9FC07_CB308DB3_B3C9D20E_D6639CCA_70330870_553E5C41_4CA92619_41866119_7FAC1047_1DB1D381_085DDADD_B5879682_9CA90069,
)
SECP256R1: Final = Curve(
    ec.SECP256R1(),
    p=0xFFFFFFFF_00000001_00000000_00000000_00000000_FFFFFFFF_FFFFFFFF_FFFFFFFF,
    a=0xFFFFFFFF_00000001_00000000_00000000_00000000_FFFFFFFF_FFFFFFFF_FFFFFFFC,
    b=0x5AC635D8_AA3A93E7_B3EBBD55_769886BC_651D06B0_CC53B0F6_3BCE3C3E_27D2604B,
    n=0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551,
)
CURVES: Final = (SECP256R1, BRAINPOOL_P256R1, BRAINPOOL_P384R1, BRAINPOOL_P512R1)
"""Parameters of RFC 5639, section 3, and SEC 2, section 2.4.2."""
PARAMETER_IDS: Final = {12: SECP256R1, 13: BRAINPOOL_P256R1, 16: BRAINPOOL_P384R1, 17: BRAINPOOL_P512R1}
"""Standardized domain parameters by their number (ICAO Doc 9303-11, 9.5.1)."""


def curve_named(name: str) -> Curve:
    """The curve by the name that `cryptography` gives it."""
    return next(curve for curve in CURVES if curve.named.name == name)
