"""Extracts of the ministry's directory as they come: other names, signs, codes; and lines that cannot be believed."""

import pytest

from helpdesk.errors import UnreadableDocument
from helpdesk.routing.directory_file import Refused, Row, open_file
from helpdesk.routing.geography import Geography
from helpdesk.routing.uai import check_letter
from helpdesk.vocabulary import Level

OFFICIAL = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;"
    "Adresse_3;Code_postal;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;Telephone;Web;Mail;"
    "Libelle_departement;Libelle_academie;etat;ministere_tutelle"
)
LINE = (
    "0349001Z;Collège Jean Moulin;Collège;Public;1 rue Inventée;;34500 BEZIERS;34500;34032;Béziers;034;11;76;"
    "0465710001;;ce.0349001Z@ecole.example;Hérault;Montpellier;OUVERT;MINISTERE DE L'EDUCATION NATIONALE"
)


def read(text: str | bytes, france: Geography) -> list[Row | Refused]:
    return list(open_file(text if isinstance(text, bytes) else text.encode(), france).lines)


def the_row(text: str | bytes, france: Geography) -> Row:
    (row,) = read(text, france)
    assert isinstance(row, Row), row
    return row


def the_refusal(text: str, france: Geography) -> Refused:
    (refused,) = read(text, france)
    assert isinstance(refused, Refused), refused
    return refused


def line(**changes: str) -> str:
    """The official line with some columns changed."""
    titles = OFFICIAL.split(";")
    values = dict(zip(titles, LINE.split(";"), strict=True)) | changes
    return f"{OFFICIAL}\n{';'.join(values[title] for title in titles)}\n"


def test_the_official_export_is_read_whole(france: Geography) -> None:
    assert the_row(f"{OFFICIAL}\n{LINE}\n", france) == Row(
        uai="0349001Z",
        name="Collège Jean Moulin",
        kind="Collège",
        sector="public",
        level=Level.SECOND,
        address="1 rue Inventée\n34500 BEZIERS",
        postal_code="34500",
        commune="Béziers",
        department="34",
        academy="11",
        email="ce.0349001z@ecole.example",
        phone="04 65 71 00 01",
        ministry="MINISTERE DE L'EDUCATION NATIONALE",
        open=True,
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(f"\ufeff{OFFICIAL}\r\n{LINE}\r\n".encode(), id="byte-order mark, Windows line ends"),
        pytest.param(f"{OFFICIAL}\n{LINE}".encode("cp1252"), id="Latin-1"),
        pytest.param(f"{OFFICIAL}\n{LINE}\n".encode("utf-16"), id="UTF-16"),
        pytest.param(f"{OFFICIAL}\n{LINE}\n".replace(";", ",").encode(), id="commas"),
        pytest.param(f"{OFFICIAL}\n{LINE}\n".replace(";", "\t").encode(), id="tabs"),
        pytest.param(f"\n\n{OFFICIAL.upper()}\n\n{LINE}\n".encode(), id="capitals, empty lines"),
        pytest.param(f"{OFFICIAL.replace('_', ' ')}\n{LINE}\n".encode(), id="spaces for underscores"),
        pytest.param(f"sep=;\r\n{OFFICIAL}\r\n{LINE}\r\n".encode(), id="a spreadsheet's mark"),
        pytest.param(f"Annuaire de l'éducation;;\n\n{OFFICIAL}\n{LINE}\n".encode(), id="a heading above"),
        pytest.param(f"rang;{OFFICIAL};PIAL\n1;{LINE};\n".encode(), id="columns added"),
    ],
)
def test_the_same_file_is_read_in_any_clothes(raw: bytes, france: Geography) -> None:
    assert the_row(raw, france) == the_row(f"{OFFICIAL}\n{LINE}\n", france)


def test_human_labels_and_names_of_territories_do_as_well(france: Geography) -> None:
    header = "Identifiant de l'établissement,Nom de l'établissement,Code postal,Commune,Département,Académie,État"

    row = the_row(f'{header}\n0349001Z,"Collège Jean Moulin",34500,Béziers,Hérault,MONTPELLIER,Ouvert\n', france)

    assert (row.department, row.academy, row.open) == ("34", "11", True)


@pytest.mark.parametrize(
    "header",
    [
        "Rentrée scolaire;Académie;Code du département;Département;UAI;Nom de l'établissment;Nom de la commune;Secteur",
        "annee;nom_academie;code_dept;libelle_departement;numero_uai;patronyme;commune_etablissement;secteur",
        "Année;Académie de l'établissement;Dép.;Nom département;Code UAI de l'école;Etablissement;Ville;Statut",
    ],
)
def test_titles_of_other_hands_are_understood(header: str, france: Geography) -> None:
    row = the_row(f"{header}\n2025;MONTPELLIER;034;HERAULT;0349001Z;COLLEGE JEAN MOULIN;BEZIERS;public\n", france)

    assert (row.uai, row.name, row.commune) == ("0349001Z", "COLLEGE JEAN MOULIN", "BEZIERS")
    assert (row.department, row.academy, row.sector) == ("34", "11", "public")


def test_the_ministrys_other_extract_of_the_same_schools_is_read_too(france: Geography) -> None:
    header = (
        "numero_uai;appellation_officielle;denomination_principale;patronyme_uai;secteur_public_prive_libe;adresse_uai;"
        "code_postal_uai;localite_acheminement_uai;libelle_commune;nature_uai;nature_uai_libe;etat_etablissement;"
        "etat_etablissement_libe;code_departement;code_academie;libelle_academie;code_ministere;libelle_ministere"
    )
    values = (
        "0349001Z;Collège Jean Moulin;COLLEGE;JEAN MOULIN;Public;1 rue Inventée;34500;BEZIERS;Béziers;340;COLLEGE;1;"
        "OUVERT;034;11;Montpellier;06;EDUCATION NATIONALE"
    )

    row = the_row(f"{header}\n{values}\n", france)

    assert (row.name, row.kind, row.commune, row.ministry) == (
        "Collège Jean Moulin",
        "COLLEGE",
        "Béziers",
        "EDUCATION NATIONALE",
    )
    assert row.open


@pytest.mark.parametrize(
    ("digits", "department", "academy", "expected"),
    [
        ("0349001", "034", "11", ("34", "11")),
        ("0349001", "34", "11", ("34", "11")),
        ("0010001", "1", "10", ("01", "10")),
        ("6209001", "02A", "27", ("2A", "27")),
        ("6209001", "2A", "27", ("2A", "27")),
        ("7209001", "620", "27", ("2A", "27")),
        ("9749001", "974", "28", ("974", "28")),
        ("0759001", "075", "1", ("75", "01")),
        ("0769001", "076", "21", ("76", "70")),  # Rouen, which is Normandie now
        ("9719001", "978", "32", ("978", "32")),
    ],
)
def test_codes_of_territories_come_in_all_forms(
    digits: str, department: str, academy: str, expected: tuple[str, str], france: Geography
) -> None:
    text = line(
        Identifiant_de_l_etablissement=digits + check_letter(digits),
        Code_departement=department,
        Code_academie=academy,
        Libelle_departement="",
        Libelle_academie="",
    )

    row = the_row(text, france)

    assert (row.department, row.academy) == expected


def test_a_school_is_placed_by_its_code_where_columns_are_missing(france: Geography) -> None:
    row = the_row("UAI;Nom;Commune\n0349001Z;Collège Jean Moulin;Béziers\n", france)

    assert (row.department, row.academy) == ("34", "11")


def test_two_that_agree_outweigh_a_third(france: Geography) -> None:
    row = the_row(line(Code_departement="075", Libelle_departement="Paris"), france)

    assert (row.department, row.academy) == ("34", "11")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Identifiant_de_l_etablissement": "0349001A"}, "la dernière lettre devrait être Z"),
        ({"Identifiant_de_l_etablissement": "Béziers"}, "n’est pas un code UAI"),
        ({"Identifiant_de_l_etablissement": ""}, "le code UAI manque"),
        ({"Nom_etablissement": " "}, "le nom manque"),
        ({"Nom_commune": ""}, "la commune manque"),
        ({"Code_departement": "075", "Code_academie": "08"}, "l’académie 08 n’est pas celle du département 75"),
        ({"ministere_tutelle": "ARMEES;de trop"}, "21 colonnes au lieu de 20"),
        ({"Nom_etablissement": '"Collège\n\n\n\n\n\n\nJean Moulin"'}, "un guillemet n’est jamais fermé"),
    ],
)
def test_a_line_that_cannot_be_believed_is_refused_with_its_reason(
    changes: dict[str, str], why: str, france: Geography
) -> None:
    refused = the_refusal(line(**changes), france)

    assert refused.line == 2
    assert why in refused.why


def test_a_name_on_two_lines_is_one_name(france: Geography) -> None:
    first, second = read(line(Nom_etablissement='"Collège\nJean Moulin"') + LINE.replace("0349001Z", "x"), france)

    assert isinstance(first, Row)
    assert first.name == "Collège Jean Moulin"
    assert isinstance(second, Refused)
    assert second.line == 4


@pytest.mark.parametrize(
    ("state", "is_open"), [("OUVERT", True), ("A OUVRIR", True), ("A FERMER", True), ("FERME", False), ("Fermé", False)]
)
def test_only_what_is_closed_is_closed(state: str, is_open: bool, france: Geography) -> None:
    assert the_row(line(etat=state), france).open is is_open


@pytest.mark.parametrize(
    ("typed", "kept"), [("34500.0", "34500"), ("1000", "01000"), ("34 500", "34500"), ("?", ""), ("345000", "")]
)
def test_postal_codes_survive_spreadsheets(typed: str, kept: str, france: Geography) -> None:
    assert the_row(line(Code_postal=typed), france).postal_code == kept


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "il manque le code UAI"),
        (b"Identifiant_de_l_etablissement;Code_postal\n0349001Z;34500\n", "il manque le nom"),
        ("Nom;Ville\nCollège;Sète\n".encode(), "il manque le code UAI"),
        (b"PK\x03\x04\x00\x00", "CSV"),
        (b"<!doctype html><p>Erreur</p>", "CSV"),
        (b'[{"identifiant_de_l_etablissement": "0349001Z"}]', "CSV"),
        (bytes(range(256)) * 50, "il manque"),
    ],
)
def test_what_is_no_directory_is_told_in_one_sentence(raw: bytes, words: str, france: Geography) -> None:
    with pytest.raises(UnreadableDocument) as error:
        open_file(raw, france)

    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_cut_in_the_middle_of_an_accent_keeps_its_other_accents(france: Geography) -> None:
    whole = line().encode() * 2
    cut = whole[: whole.rindex("Hérault".encode()) + 2]

    first, *_ = read(cut, france)

    assert isinstance(first, Row)
    assert first.name == "Collège Jean Moulin"
