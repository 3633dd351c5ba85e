"""Builds the package's wheel, and its source archive (PEP 517). Written by cargo rt0 bindings."""

import base64
import hashlib
import os
import tarfile
import zipfile

NAME = "xample"
VERSION = "1.2.3"
SUMMARY = "xample 1.2.3, by its own description."
# Of the library inside, if there is one. An index for others wants a manylinux platform here: `auditwheel repair`
# checks the library, and renames the wheel.
PLATFORM = "linux_x86_64"

_INFO = f"{NAME}-{VERSION}.dist-info"
_METADATA = (
    f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\nSummary: {SUMMARY}\n"
    "Requires-Python: >=3.9\nDescription-Content-Type: text/markdown\n\n"
)
_ROOT = "false" if PLATFORM != "any" else "true"
_WHEEL = (
    f"Wheel-Version: 1.0\nGenerator: cargo-rt0\nRoot-Is-Purelib: {_ROOT}\nTag: py3-none-{PLATFORM}\n"
)


def _files():
    for folder, folders, names in os.walk(NAME):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield os.path.join(folder, name).replace(os.sep, "/")


def _metadata():
    with open("README.md", encoding="utf-8") as readme:
        return (_METADATA + readme.read()).encode()


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = os.path.join(metadata_directory, _INFO)
    os.makedirs(folder)
    for name, data in (("METADATA", _metadata()), ("WHEEL", _WHEEL.encode())):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    return _INFO


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {}
    for path in _files():
        with open(path, "rb") as file:
            files[path] = file.read()
    return _wheel(wheel_directory, files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, {f"_{NAME}_editable.pth": os.getcwd().encode() + b"\n"})


def _wheel(wheel_directory, files):
    name = f"{NAME}-{VERSION}-py3-none-{PLATFORM}.whl"
    files = {**files, f"{_INFO}/METADATA": _metadata(), f"{_INFO}/WHEEL": _WHEEL.encode()}
    record = ""
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            record += f"{path},sha256={digest},{len(data)}\n"
            # With one time for all, the same files give the same wheel.
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
        wheel.writestr(zipfile.ZipInfo(f"{_INFO}/RECORD"), record + f"{_INFO}/RECORD,,\n")
    return name


def build_sdist(sdist_directory, config_settings=None):
    name = f"{NAME}-{VERSION}.tar.gz"
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ["pyproject.toml", "build_backend.py", "README.md", *_files()]:
            archive.add(path, f"{NAME}-{VERSION}/{path}")
        with open(os.path.join(sdist_directory, "PKG-INFO"), "wb") as file:
            file.write(_metadata())
        archive.add(os.path.join(sdist_directory, "PKG-INFO"), f"{NAME}-{VERSION}/PKG-INFO")
        os.remove(os.path.join(sdist_directory, "PKG-INFO"))
    return name
