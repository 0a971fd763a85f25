"""The map: académies, départements, mail domains, and what is said when its files are wrong."""

import shutil
from pathlib import Path

import pytest

from helpdesk.errors import ConfigError
from helpdesk.places import config_dir
from helpdesk.routing.geography import Geography, load_geography
from tests.routing.messages import choice

FILES = ("academies.csv", "territories.toml", "ent.toml")


def test_all_departements_belong_to_one_academie(france: Geography) -> None:
    departments = [d for academy in france.academies.values() for d in academy.departments]

    assert len(france.academies) == 34
    assert len(departments) == len(set(departments)) == 107  # 101 départements, then 975, 977, 978, 986 to 988


@pytest.mark.parametrize(
    ("department", "code"), [("2A", "27"), ("2B", "27"), ("75", "01"), ("44", "17"), ("978", "32"), ("987", "41")]
)
def test_a_departement_has_its_academie(department: str, code: str, france: Geography) -> None:
    assert france.academy_of(department) == code


@pytest.mark.parametrize("department", ["20", "96", "984", "989", ""])
def test_a_territory_without_schools_has_none(department: str, france: Geography) -> None:
    assert france.academy_of(department) is None


@pytest.mark.parametrize(
    ("host", "academies"),
    [
        ("ac-lyon.fr", ("10",)),
        ("listes.ac-lyon.fr", ("10",)),
        ("AC-LYON.FR", ("10",)),
        ("ac-caen.fr", ("70",)),
        ("ac-rouen.fr", ("70",)),
        ("ac-noumea.nc", ("40",)),
        ("monvr.pf", ("41",)),
        ("region-academique-bretagne.fr", ("14",)),
        ("region-academique-paca.fr", ("02", "23")),
        ("educagri.fr", ()),
    ],
)
def test_a_domain_tells_the_academie_or_the_region(host: str, academies: tuple[str, ...], france: Geography) -> None:
    territory = france.by_host(host)

    assert territory is not None
    assert territory.academies == academies


@pytest.mark.parametrize(
    "host", ["xac-lyon.fr", "ac-lyon.fr.example.org", "ac-lyon.com", "education.gouv.fr", "", ".", "lyon.fr"]
)
def test_only_whole_labels_count(host: str, france: Geography) -> None:
    assert france.by_host(host) is None


def test_without_the_table_of_communes_everything_else_is_found(tmp_path: Path) -> None:
    geography = load_geography(config_dir(), tmp_path)

    assert geography.communes.missing
    assert choice(geography, "collège dans l'Hérault").academy == "11"
    assert choice(geography, "UAI 0750654D").academy == "01"
    assert choice(geography, "collège, 34200 Sète").academy == "11"
    assert choice(geography, "mon fils est au collège à Sète").academy is None


def test_every_mistake_in_the_files_is_told(tmp_path: Path) -> None:
    for name in FILES:
        shutil.copy(config_dir() / name, tmp_path)
    with (tmp_path / "ent.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[ent]]\nnames = ["Mon espace"]\nacademies = ["99"]\n')
    territories = (tmp_path / "territories.toml").read_text("utf-8")
    (tmp_path / "territories.toml").write_text(territories.replace('"Ain" = ["01"]', '"Ain" = ["00"]'), "utf-8")

    with pytest.raises(ConfigError) as refused:
        load_geography(tmp_path, tmp_path)

    assert refused.value.problems == [
        "territories.toml, « Ain » : département inconnu (00)",
        "ent.toml, « Mon espace » : académie inconnue (99)",
    ]


@pytest.mark.parametrize("broken", ["academies.csv", "territories.toml", "ent.toml"])
@pytest.mark.parametrize("content", [None, "", "= = =", "a,b\n1,2\n"])
def test_an_unreadable_file_is_a_configuration_error(tmp_path: Path, broken: str, content: str | None) -> None:
    for name in FILES:
        shutil.copy(config_dir() / name, tmp_path)
    if content is None:
        (tmp_path / broken).unlink()
    else:
        (tmp_path / broken).write_text(content, "utf-8")

    with pytest.raises(ConfigError):
        load_geography(tmp_path, tmp_path)
