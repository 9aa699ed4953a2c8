"""Each kind of bundle and programs that are not ours: they open ours and check who signed it, and we open what they encrypt."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CalledProcessError
from xml.etree import ElementTree as ET

import pyrage
import pytest

from monespace_cli.crypto import age
from monespace_cli.interop import ebrim, xdm
from monespace_cli.interop.ebrim import CONFIDENTIALITY_LABELS, PATIENT_CODE
from monespace_cli.interop.facilities import FACILITIES, SETTINGS
from monespace_cli.record.card import RecipientType
from monespace_cli.record.codes import CLASS_LABELS, type_codes
from monespace_cli.sync import layout
from monespace_cli.sync.card import export_allowed_signers
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.sealing import Sender
from tests.crypto.conftest import Program
from tests.interop_xdm.test_xdm import REQUIRED_CODES, codes, identifiers, one, slots
from tests.sync.people import decrypted, opened, sealed, unzipped
from tests.sync.test_kinds import MINE, contents, signer

NS = {"rim": ebrim.RIM}
WITH_DOCUMENTS = [kind for kind in Kind if kind.rule.has_documents]


@dataclass(frozen=True)
class Sample:
    """A bundle of a kind, for programs before age 1.3 and for those after it."""

    kind: Kind
    sender: Sender
    keys: OwnKeys
    classical: bytes
    hybrid: bytes

    @property
    def secrets(self) -> tuple[str, str]:
        """The recipient's secret keys as age writes them: post-quantum, X25519."""
        hybrid, classical = (line for line in self.keys.export_secret().age.splitlines() if not line.startswith("#"))
        return hybrid, classical

    @property
    def plain(self) -> bytes:
        return decrypted(self.classical, self.keys.identities)


@pytest.fixture(params=Kind, ids=str)
def sample(request: pytest.FixtureRequest) -> Sample:
    return make(request.param)


def make(kind: Kind) -> Sample:
    sender, to, keys = signer(kind)
    both = {type_: sealed(contents(kind), sender=sender, to=replace(to, type=type_)) for type_ in RecipientType}
    return Sample(kind, sender, keys, both[RecipientType.X25519], both[RecipientType.HYBRID])


def same_files(archive: bytes, sample: Sample) -> None:
    """What a program decrypted is a bundle of the kind."""
    assert tuple(unzipped(archive)) == layout.NAMES[sample.kind.rule.content]


def same_bundle(data: bytes, sample: Sample) -> None:
    """What a program encrypted is the bundle, and all its checks hold."""
    assert opened(data, opener=sample.keys, policy=MINE).manifest == opened(sample.classical, opener=sample.keys, policy=MINE).manifest


def test_age(sample: Sample, age_program: Program, tmp_path: Path) -> None:
    (tmp_path / "keys.txt").write_text(sample.secrets[1] + "\n")
    same_files(age_program("-d", "-i", tmp_path / "keys.txt", stdin=sample.classical), sample)
    recipient = pyrage.x25519.Identity.from_str(sample.secrets[1]).to_public()
    same_bundle(age_program("-r", str(recipient), stdin=sample.plain), sample)


def test_pyrage(sample: Sample) -> None:
    identity = pyrage.x25519.Identity.from_str(sample.secrets[1])
    same_files(pyrage.decrypt(sample.classical, [identity]), sample)
    same_bundle(pyrage.encrypt(sample.plain, [identity.to_public()]), sample)


def test_npm_age(sample: Sample, node_age: Program) -> None:
    same_files(node_age("decrypt", sample.secrets[0], stdin=sample.hybrid), sample)
    recipient = age.HybridIdentity.parse(sample.secrets[0]).recipient.text
    same_bundle(node_age("encrypt", recipient, stdin=sample.plain), sample)


def test_ssh_keygen(sample: Sample, ssh_keygen: Program, tmp_path: Path) -> None:
    """It accepts the signature in the namespace of the kind, and in no other kind's."""
    files = unzipped(sample.plain)
    (tmp_path / "signers").write_text(export_allowed_signers(sample.sender.card))
    (tmp_path / "signature").write_bytes(files[layout.SIGNATURE])
    options = ["-f", tmp_path / "signers", "-I", sample.sender.card.fingerprint, "-s", tmp_path / "signature"]
    assert b"Good" in ssh_keygen("-Y", "verify", *options, "-n", f"monespace-{sample.kind}-v1", stdin=files[layout.MANIFEST])
    for other in set(Kind) - {sample.kind}:
        with pytest.raises(CalledProcessError):
            ssh_keygen("-Y", "verify", *options, "-n", other.namespace, stdin=files[layout.MANIFEST])


def test_every_hash_of_the_manifest_is_right(sample: Sample) -> None:
    files = unzipped(sample.plain)
    inner = unzipped(files[layout.PACKAGE]) if layout.PACKAGE in files else {}
    listed = json.loads(files[layout.MANIFEST])["files"]
    assert {each["path"]: (each["sha256"], each["size"]) for each in listed} == {
        name: (hashlib.sha256(data).hexdigest(), len(data))
        for name, data in {**files, **inner}.items()
        if name not in (layout.PACKAGE, layout.MANIFEST, layout.SIGNATURE, layout.PADDING)
    }


@pytest.mark.parametrize("kind", WITH_DOCUMENTS, ids=str)
def test_its_metadata_says_of_each_document_what_is_there(kind: Kind) -> None:
    """IHE ITI TF-3 §4.2: an ExtrinsicObject a document, in a set, with its SHA-1, size and codes of the value sets."""
    package = unzipped(unzipped(make(kind).plain)[layout.PACKAGE])
    root = ET.fromstring(package[xdm.METADATA])
    entries = root.findall("rim:RegistryObjectList/rim:ExtrinsicObject", NS)
    documents = {name.removeprefix(xdm.FOLDER): data for name, data in package.items() if "/DOC" in name}
    assert [slots(entry)["URI"] for entry in entries] == [[name] for name in documents]
    for entry in entries:
        data = documents[slots(entry)["URI"][0]]
        assert slots(entry)["hash"] == [hashlib.sha1(data).hexdigest()]
        assert slots(entry)["size"] == [str(len(data))]
        check_codes(entry)
    members = {item.attrib["targetObject"] for item in root.iterfind("*/rim:Association", NS)}
    assert members == {entry.attrib["id"] for entry in entries}
    unique = identifiers(one(root, "RegistryPackage"))["96fdda7c-d067-4183-912e-bf5ee74998a8"]
    assert unique.startswith("2.25.")


def check_codes(entry: ET.Element) -> None:
    """Each code is one of its value set, in that set's system."""
    found = codes(entry)
    sets = {
        "41a5887f-8865-4c09-adf7-e362475b143a": CLASS_LABELS,
        "f4f85eac-e6cb-4883-b524-f2705394840f": CONFIDENTIALITY_LABELS,
        "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": {*FACILITIES, PATIENT_CODE},
        "cccf5598-8b07-4b77-a05e-ae952c785ead": {*SETTINGS, PATIENT_CODE},
        "f0306f51-975f-434e-a61c-c59651d33983": type_codes(),
    }
    assert found.keys() >= REQUIRED_CODES.keys()
    for scheme, value_set in sets.items():
        assert {code for code, _system in found[scheme]} <= set(value_set), scheme
