"""What is shipped, pinned and written down agrees with what is there."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from packaging.markers import default_environment
from packaging.requirements import Requirement

from oscar_gan.conf import Config

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = {".py", ".html", ".css", ".js", ".svg", ".json", ".onnx", ".md", ".mo", ".typed", ".txt"}
SHIPPED |= {".jpg", ".png", ".webp"}
FIXED = {"django", "django-oscar", "celery", "torch", "onnxruntime-gpu", "pillow", "boto3"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked(*folders: str) -> list[str]:
    listed = subprocess.check_output(["git", "ls-files", *folders], cwd=ROOT, text=True)
    return [name for name in listed.splitlines() if (ROOT / name).exists()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """Names of the files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in [*tracked("oscar_gan"), "pyproject.toml", "README.md", "LICENSE"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_each_script_asks_its_modules_for_what_they_export():
    """One missing module silently stops every script that imports it; there is no build step."""
    imported = re.compile(r"""import \{([^}]*)\} from "(\.[^"]+)";""")
    exported = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
    missing, seen = [], 0
    for name in tracked("oscar_gan/static/*.js"):
        for names, path in imported.findall(read(name)):
            seen += 1
            module = (ROOT / name).parent / path
            there = set(exported.findall(module.read_text())) if module.is_file() else set()
            wanted = {each.strip() for each in names.split(",") if each.strip()}
            missing += [f"{name}: {path} has no {each}" for each in sorted(wanted - there)]
    assert not missing
    assert seen > 20


def test_the_wheel_holds_every_file_of_the_package(wheel):
    wanted = {name for name in tracked("oscar_gan") if Path(name).suffix in SHIPPED}
    assert wanted <= wheel
    for kind in ("migrations/0001_initial.py", "weights/manifest.json", "py.typed"):
        assert f"oscar_gan/{kind}" in wheel
    assert "oscar_gan/bench/index.json" in wheel
    assert any(name.startswith("oscar_gan/templates/") for name in wheel)
    assert any(name.startswith("oscar_gan/static/") for name in wheel)


def test_the_wheel_holds_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel}
    assert tops == {"oscar_gan", "django_oscar_gan-0.1.0.dist-info"}


def test_weights_are_small_enough_to_ship():
    sizes = {path.name: path.stat().st_size for path in ROOT.glob("oscar_gan/weights/*.onnx")}
    assert sizes
    assert all(size <= 3_000_000 for size in sizes.values()), sizes


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("oscar_gan/migrations/0*.py")), ids=lambda p: p.stem
)
def test_migrations_fit_every_oscar_and_every_fork(path):
    """Other Oscars' and forks' newest migrations have other names than those of our Oscar."""
    pinned = re.findall(r'\("(\w+)", "(\w+)"\),', path.read_text().split("operations")[0])
    assert {name for app, name in pinned if app != "oscar_gan"} <= {"__first__"}


def locked() -> dict[str, list[Requirement]]:
    """The lock's requirements by package."""
    found: dict[str, list[Requirement]] = {}
    for line in read("requirements.txt").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            found.setdefault(requirement.name, []).append(requirement)
    return found


def test_everything_is_pinned_and_no_cuda_library_is_listed():
    lock = locked()
    assert lock.keys() >= FIXED
    assert [str(each.specifier) for each in lock["torch"]] == ["==2.13.0"]
    for requirements in lock.values():
        assert all(str(each.specifier).startswith("==") for each in requirements)
    assert not [name for name in lock if name.startswith(("nvidia", "cuda", "triton"))]


def test_every_extra_is_in_the_lock():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [Requirement(line) for group in extras for line in group]
    asked += [Requirement(line) for line in project["dependencies"]]
    lock = locked()
    here = default_environment()
    for requirement in asked:
        if requirement.name == project["name"]:
            continue
        pins = lock[requirement.name.lower()]
        applying = [pin for pin in pins if not pin.marker or pin.marker.evaluate(here)]
        assert all(
            requirement.specifier.contains(str(pin.specifier).removeprefix("=="))
            for pin in applying
        ), requirement


def test_every_setting_is_documented_with_its_default():
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `(.+?)` \|", read("docs/settings.md"), re.M))
    defaults = Config()
    assert rows == {
        field.name.upper(): repr(getattr(defaults, field.name)) for field in fields(Config)
    }


def test_every_check_is_documented():
    source = "".join(path.read_text() for path in ROOT.glob("oscar_gan/checks/*.py"))
    shipped = set(re.findall(r'id="oscar_gan\.([EW]\d+)"', source))
    assert shipped == set(
        re.findall(r"^\| `oscar_gan\.([EW]\d+)` ", read("docs/settings.md"), re.M)
    )


@pytest.mark.parametrize("page", ["README.md", *map(str, (ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page):
    path = ROOT / page
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    links += re.findall(r'(?:src|href)="([^"#]+)"', path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_commands_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    readme = read("README.md")
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.M)) <= targets


def test_the_file_tree_of_the_readme_is_complete():
    tops = {name.split("/")[0] for name in tracked() if "/" in name}
    inner = {name.split("/")[1] for name in tracked("oscar_gan") if name.count("/") > 1}
    readme = read("README.md")
    tree = readme[readme.index("## What is where") :]
    missing = [name for name in sorted(tops | inner) if f"{name}/" not in tree]
    assert missing == []


def test_containers_consume_every_queue_and_are_pinned():
    services = yaml.safe_load(read("docker-compose.yml"))["services"]
    consumed = " ".join(each.get("command", "") for each in services.values())
    for queue in ("interactive", "backfill", "training", "housekeeping"):
        assert re.search(rf"-Q \S*{queue}", consumed)
    images = [each["image"] for each in services.values() if "image" in each]
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_every_worker_can_have_a_gpu():
    services = yaml.safe_load(read("docker-compose.gpu.yml"))["services"]
    assert set(services) == {"worker-interactive", "worker-backfill", "worker-training"}
    for service in services.values():
        (device,) = service["deploy"]["resources"]["reservations"]["devices"]
        assert device["capabilities"] == ["gpu"]
