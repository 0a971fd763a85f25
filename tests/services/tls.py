"""Certificates made for one test run, by an authority that nobody knows."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """What a server shows, with its key; whoever trusts `chain` trusts the server."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For the server's side."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def make(folder: Path, name: str = "IP:127.0.0.1") -> Certificate:
    """A certificate that is its own authority, for this name and an hour or so."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        (
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"),
            *("-days", "1", "-subj", "/CN=Essai", "-addext", f"subjectAltName={name}"),
            *("-keyout", str(made.key), "-out", str(made.chain)),
        ),
        check=True,
        capture_output=True,
    )
    return made
