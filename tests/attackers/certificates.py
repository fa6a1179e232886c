"""Certificates made for a test: an authority, and servers' certificates of it, good ones and others."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def written(self, path: Path) -> Path:
        """Both in one PEM file."""
        key = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM) + key)
        return path

    def context(self, folder: Path) -> ssl.SSLContext:
        """What a server needs to speak https with it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.written(folder / "server.pem"))
        return context


def authority(name: str = "Test authority") -> Identity:
    """A certificate authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _begun(name, name, key, -1, 1).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    builder = builder.add_extension(
        x509.KeyUsage(**usage, decipher_only=False, key_cert_sign=True, crl_sign=True), critical=True
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Identity(builder.sign(key, hashes.SHA256()), key)


def issued(by: Identity, *names: str, since_days: int = -1, until_days: int = 1) -> Identity:
    """A server's certificate for these hosts and addresses, valid between two days counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = by.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    builder = _begun(names[0], str(issuer), key, since_days, until_days)
    builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
    return Identity(builder.sign(by.key, hashes.SHA256()), key)


def self_signed(*names: str) -> Identity:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _begun(names[0], names[0], key, -1, 1)
    builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    return Identity(builder.sign(key, hashes.SHA256()), key)


def _begun(name: str, issuer: str, key: ec.EllipticCurvePrivateKey, since_days: int, until_days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since_days * _DAY)
        .not_valid_after(now + until_days * _DAY)
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
