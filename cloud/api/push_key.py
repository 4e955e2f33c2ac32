"""The public half of the web push key (VAPID, RFC 8292), as browsers want it."""

import base64

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from cloud.settings import Push, SettingsError


def read_public_key(push: Push | None) -> str | None:
    """Return the uncompressed P-256 point in base64url; None without push, SettingsError for a key that is none."""
    if push is None:
        return None
    try:
        key = load_pem_private_key(push.private_key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError([f"notify.push.private_key: cannot be read: {type(error).__name__}"]) from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise SettingsError(["notify.push.private_key: not a key on curve P-256"])
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
