"""Making the table of communes, and reading it back."""

import json
from pathlib import Path
from typing import Any

from helpdesk.routing.communes import FILE, Communes, Risk, load_communes
from helpdesk.routing.communes_build import SOURCE, build, main


def a_commune(name: str, department: str, population: int = 3_000, **others: Any) -> dict[str, Any]:
    return {"nom": name, "departement": department, "type": "commune-actuelle", "population": population, **others}


def built(tmp_path: Path, *communes: dict[str, Any]) -> Communes:
    source = tmp_path / "communes.json"
    source.write_text(json.dumps(communes), "utf-8")
    build(source, tmp_path / FILE)
    return load_communes(tmp_path)


def departments(communes: Communes, name: str) -> list[str]:
    named = communes.named(name)
    return [candidate.department for candidate in named.candidates] if named else []


def test_homonyms_stand_together_the_most_populous_first(tmp_path: Path) -> None:
    communes = built(tmp_path, a_commune("Saint-Denis", "11", 500), a_commune("Saint-Denis", "93", 149_000))

    assert departments(communes, "saint denis") == ["93", "11"]


def test_an_article_is_kept_apart_from_the_name(tmp_path: Path) -> None:
    communes = built(tmp_path, a_commune("Le Mans", "72", 146_000), a_commune("L'Haÿ-les-Roses", "94", 31_000))

    mans, hay = communes.named("mans"), communes.named("hay les roses")

    assert mans is not None
    assert mans.candidates[0].article == "le"
    assert hay is not None
    assert hay.candidates[0].article == "l"
    assert departments(communes, "lhay les roses") == ["94"]


def test_a_large_name_is_also_known_shortened_and_run_together(tmp_path: Path) -> None:
    communes = built(tmp_path, a_commune("Clermont-Ferrand", "63", 146_000), a_commune("Clermont", "60", 10_000))

    assert departments(communes, "clermont") == ["63", "60"]
    assert departments(communes, "clermontferrand") == ["63"]


def test_letters_that_are_two_in_one_are_found_as_one(tmp_path: Path) -> None:
    communes = built(tmp_path, a_commune("Nœux-les-Mines", "62", 11_000))

    assert departments(communes, "noeux les mines") == departments(communes, "noux les mines") == ["62"]


def test_a_commune_that_merged_is_known_by_its_old_name(tmp_path: Path) -> None:
    old = {"nom": "Bellegarde-sur-Valserine", "departement": "01", "type": "commune-deleguee"}

    communes = built(tmp_path, a_commune("Valserhône", "01", 16_000), old)

    assert departments(communes, "bellegarde sur valserine") == ["01"]


def test_territories_without_schools_are_left_out(tmp_path: Path) -> None:
    communes = built(tmp_path, a_commune("Archipel des Kerguelen", "984", 0), a_commune("Lyon", "69", 519_000))

    assert departments(communes, "archipel des kerguelen") == []


def test_names_that_are_words_are_known_as_such(tmp_path: Path) -> None:
    names = ("Lyon", "Tours", "Fille", "Y", "Valentine")
    sizes = (519_000, 139_000, 1_500, 100, 900)
    communes = built(tmp_path, *(a_commune(name, "01", size) for name, size in zip(names, sizes, strict=True)))

    risks = [named.risk if (named := communes.named(name.lower())) else None for name in names]

    assert risks == [Risk.NONE, Risk.WORD, Risk.COMMON, Risk.COMMON, Risk.COMMON]


def test_postal_codes_and_towns_are_listed(tmp_path: Path) -> None:
    lyon = a_commune("Lyon", "69", 519_000, codesPostaux=["69001", "69002"])

    communes = built(tmp_path, lyon, a_commune("Jons", "69", 1_600, codesPostaux=["69330"]))

    assert communes.postal_codes == {"69001", "69002", "69330"}
    assert communes.towns == ("lyon",)


def test_a_missing_source_is_told_and_fails(tmp_path: Path, capsys: Any) -> None:
    status = main([str(tmp_path), str(tmp_path)])

    assert status == 1
    assert "was not made" in capsys.readouterr().err


def test_the_command_writes_the_table_where_it_is_told(tmp_path: Path, capsys: Any) -> None:
    source = tmp_path / SOURCE
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps([a_commune("Lyon", "69", 519_000)]), "utf-8")

    status = main([str(tmp_path), str(tmp_path / "made")])

    assert status == 0
    assert departments(load_communes(tmp_path / "made"), "lyon") == ["69"]
    assert "1 names" in capsys.readouterr().out
