"""The setup scripts on machines that lack something: a PATH of a few programs stands for the machine."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
BASICS = ("cat", "dirname", "env", "grep", "id", "sh", "true")
TEST_PACKAGES = (
    "python3-venv tesseract-ocr tesseract-ocr-fra tesseract-ocr-eng tesseract-ocr-osd"
    " age dbus git gnome-keyring nodejs npm openssh-client strace unzip"
)
DEMO_PACKAGES = "python3-venv tesseract-ocr tesseract-ocr-fra tesseract-ocr-eng tesseract-ocr-osd"


@dataclass(frozen=True)
class Machine:
    """A folder of programs, and the log of what was asked of its package manager."""

    programs: Path

    def add(self, name: str, script: str = "exit 0") -> None:
        """Add a program."""
        (self.programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def add_apt(self) -> None:
        """Add a package manager that notes what it is asked and installs nothing, and a sudo that never asks."""
        self.add("apt-get", f'echo "$@" >> {self.log}')
        self.add("sudo", 'shift; exec "$@"')

    @property
    def log(self) -> Path:
        return self.programs.with_name("apt.log")

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the setup scripts on this machine."""
        return subprocess.run([SCRIPTS / script, *arguments], env={"PATH": str(self.programs)}, capture_output=True, text=True)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a shell and nothing else."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in BASICS:
        (programs / name).symlink_to(shutil.which(name) or name)
    return Machine(programs)


@pytest.mark.parametrize(("packages", "wanted"), [("venv", "python3-venv"), ("demo", DEMO_PACKAGES), ("test", TEST_PACKAGES)])
def test_without_a_package_manager_it_says_what_to_install_and_goes_on(machine: Machine, packages: str, wanted: str) -> None:
    result = machine.run("install-system.sh", packages)
    assert result.returncode == 0
    assert f"Not installed: {wanted}\n" in result.stderr
    assert ("tesseract" in wanted) == ("no text is read from images" in result.stderr)


def test_it_installs_only_what_is_missing(machine: Machine) -> None:
    machine.add_apt()
    machine.add("tesseract", "echo fra; echo osd")
    machine.add("python3")
    machine.run("install-system.sh", "demo")
    assert machine.log.read_text(encoding="utf-8").splitlines() == [
        "-qq update",
        "-qq install --yes --no-install-recommends tesseract-ocr-eng",
    ]


def test_a_second_run_does_nothing(machine: Machine) -> None:
    machine.add_apt()
    machine.add("tesseract", "echo eng; echo fra; echo osd")
    for name in ("age", "dbus-daemon", "git", "gnome-keyring-daemon", "node", "npm", "python3", "ssh-keygen", "strace", "unzip"):
        machine.add(name)
    result = machine.run("install-system.sh", "test")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert not machine.log.exists()


def test_an_unknown_set_is_a_usage_error(machine: Machine) -> None:
    assert machine.run("install-system.sh", "everything").returncode == 2


def test_without_a_recent_python_it_says_so(machine: Machine) -> None:
    machine.add("python3", "exit 1")
    result = machine.run("make-venv.sh")
    assert result.returncode == 1
    assert "needs Python 3.11" in result.stderr


def test_without_ensurepip_it_names_the_package(machine: Machine) -> None:
    machine.add("python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    result = machine.run("make-venv.sh")
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
