"""A mail server for tests: aiosmtpd with STARTTLS and a password, in the mood that a file names.

Usage: smtp.py FOLDER PORT [tls]. What it takes becomes files FOLDER/1.eml, 2.eml and so on. While
FOLDER/mood holds an answer such as `451 4.3.0 busy`, that is what it says to a letter.
"""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, port, wants_tls = pathlib.Path(sys.argv[1]), int(sys.argv[2]), "tls" in sys.argv[3:]
here = pathlib.Path(__file__).parent / "tls"


class Keeper:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        mood = folder / "mood"
        if mood.exists():
            return mood.read_text().strip()
        Keeper.count += 1
        # Appears whole or not at all.
        part = folder / "part"
        part.write_bytes(envelope.original_content)
        part.rename(folder / f"{len(list(folder.glob('*.eml'))) + 1}.eml")
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    known = data.login == b"desk" and data.password == b"open sesame"
    return AuthResult(success=known, handled=True) if known else AuthResult(success=False, handled=False)


def server():
    if not wants_tls:
        return SMTP(Keeper(), hostname="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(here / "server.pem", here / "server.key")
    return SMTP(
        Keeper(),
        hostname="localhost",
        tls_context=context,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )


async def main():
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", port)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


asyncio.run(main())
