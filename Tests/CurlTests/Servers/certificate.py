"""Makes a certificate for the loopback addresses that is its own authority."""
import os
import shutil
import ssl
import subprocess
import tempfile

LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:::1"
folder = None


def make(names=LOOPBACK):
    """The path of the certificate, and a context for a server that has it."""
    global folder
    folder = tempfile.mkdtemp(prefix="curl-tests-")
    paths = os.path.join(folder, "ca.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=loopback", "-addext", "subjectAltName=" + names,
         "-out", paths[0], "-keyout", paths[1]],
        check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    return paths[0], context


def clean():
    """Takes the files away."""
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
