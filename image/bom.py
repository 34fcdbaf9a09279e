"""What is on the card, with versions and licences, as SPDX 2.3: Debian's packages by dpkg, wheels by what they say of themselves."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

LICENCE = re.compile(r"^License:\s*(\S.*)$", re.MULTILINE)


def bill(root: Path, version: str, epoch: int) -> dict[str, Any]:
    packages = [*_debian(root), *_wheels(root)]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"gigbox-{version}",
            "documentNamespace": f"urn:gigbox:image:{version}:{epoch}",
            "creationInfo": {"created": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: gigbox image"]},
            "packages": packages,
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": p["SPDXID"]} for p in packages]}


def write(told: dict[str, Any], goal: Path) -> None:
    goal.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")


def _debian(root: Path) -> list[dict[str, Any]]:
    found = []
    for paragraph in (root / "var/lib/dpkg/status").read_text().split("\n\n"):
        told = HeaderParser().parsestr(paragraph)
        if told["Package"] and "installed" in (told["Status"] or ""):
            found.append(_package("deb", told["Package"], told["Version"], _terms(root / "usr/share/doc" / told["Package"] / "copyright"),
                                  f"pkg:deb/debian/{told['Package']}@{told['Version']}?arch={told['Architecture']}"))
    return sorted(found, key=lambda p: str(p["name"]))


def _wheels(root: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted(root.glob("usr/local/lib/python3*/dist-packages/*.dist-info/METADATA")):
        told = HeaderParser().parsestr(path.read_text())
        found.append(_package("wheel", told["Name"], told["Version"], _terms_of_wheel(told), f"pkg:pypi/{told['Name'].lower()}@{told['Version']}"))
    return found


def _terms_of_wheel(told: Message) -> str:
    classes = (line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::"))
    return str(told["License-Expression"] or next(classes, "") or told["License"] or "").partition("\n")[0]


def _terms(copyright_file: Path) -> str:
    """The short names in a machine-readable copyright file; of the others Debian has only the text."""
    try:
        text = copyright_file.read_text(errors="replace")
    except OSError:
        return ""
    return ", ".join(sorted(set(LICENCE.findall(text)))) if "Format:" in text[:2000] else ""


def _package(kind: str, name: str, version: str, terms: str, place: str) -> dict[str, Any]:
    return {"SPDXID": f"SPDXRef-{kind}-{re.sub(r'[^A-Za-z0-9.-]', '-', name)}", "name": name, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION", "licenseComments": terms or "see its text",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": place}]}
