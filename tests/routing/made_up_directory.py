"""A directory of the size of the real one: made-up schools in real communes, drawn with a fixed seed.

python -m tests.routing.made_up_directory FILE [--schools 68000]
"""

import argparse
import csv
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.clues.lists import phrases
from helpdesk.routing.geography import Geography, load_geography
from helpdesk.routing.school_names import read_town
from helpdesk.routing.uai import check_letter
from tests.routing.conftest import NODE_MODULES

LANDMARKS = Path(__file__).parent / "schools_cases" / "schools.csv"
COMMUNES = NODE_MODULES / "@etalab" / "decoupage-administratif" / "data" / "communes.json"
FULL = 68_000
_PREFIXES = {"2A": "620", "2B": "720", "988": "983", "987": "984", "986": "987", "977": "971", "978": "971"}
_PEOPLE = phrases(
    """
    Jules Ferry, Jean Moulin, Jean Jaurès, Victor Hugo, Jacques Prévert, Marie Curie, Louis Pasteur, Paul Éluard
    Antoine de Saint-Exupéry, Simone Veil, Lucie Aubrac, Marcel Pagnol, Pablo Picasso, Jean Macé, Georges Brassens
    Albert Camus, Paul Langevin, Louis Aragon, Émile Zola, Jean Rostand, Joliot-Curie, Pierre Mendès France, Anne Frank
    Françoise Dolto, Jean Zay, Robert Desnos, Danielle Casanova, Henri Wallon, Rosa Parks, Olympe de Gouges
    Jean de La Fontaine
    """
)
_PLACES = phrases(
    """
    Les Tilleuls, Les Lilas, Le Centre, Le Bourg, La Fontaine, Les Garrigues, Le Parc, La Source, Les Écoles, La Gare
    Le Château, Le Moulin, Les Vignes, Le Stade, Les Chênes, La Rivière, Saint-Joseph, Notre-Dame, Sainte-Marie
    """
)
_KINDS = (  # share, type, name, sector, smallest commune
    (30, "Ecole", "Ecole primaire", "Public", 0),
    (22, "Ecole", "Ecole élémentaire", "Public", 500),
    (18, "Ecole", "Ecole maternelle", "Public", 500),
    (6, "Ecole", "Ecole primaire privée", "Privé", 1_500),
    (10, "Collège", "Collège", "Public", 2_500),
    (3, "Collège", "Collège privé", "Privé", 5_000),
    (3, "Lycée", "Lycée général et technologique", "Public", 8_000),
    (3, "Lycée", "Lycée polyvalent", "Public", 8_000),
    (3, "Lycée", "Lycée professionnel", "Public", 8_000),
    (2, "Service Administratif", "Circonscription d'inspection du 1er degré", "Public", 5_000),
)


def rows(schools: int, geography: Geography) -> Iterator[list[str]]:
    """Header, landmarks, then schools drawn in all other communes, larger ones more often."""
    with LANDMARKS.open(encoding="utf-8", newline="") as file:
        landmarks = list(csv.reader(file, delimiter=";"))
    yield from landmarks
    if schools <= len(landmarks):
        return
    taken = {(row[9].lstrip("0"), read_town(row[8]).key) for row in landmarks[1:]}
    communes = [c for c in _communes(geography) if (c[0].lstrip("0"), read_town(c[2]).key) not in taken]
    draw = random.Random(68_000)
    names = {False: sorted(_PEOPLE), True: sorted(_PEOPLE | _PLACES)}
    serials: dict[str, int] = {}
    by_size = {kind[4]: [c for c in communes if c[3] >= kind[4]] for kind in _KINDS}
    weights = {size: list(itertools.accumulate(c[3] + 300 for c in found)) for size, found in by_size.items()}
    for kind in draw.choices(_KINDS, [kind[0] for kind in _KINDS], k=schools - len(landmarks) + 1):
        department, postal_code, commune, _ = draw.choices(by_size[kind[4]], cum_weights=weights[kind[4]])[0]
        prefix = _PREFIXES.get(department, department.zfill(3))
        serials[prefix] = serials.get(prefix, 0) + 1
        digits = f"{prefix}{serials[prefix]:04d}"
        uai = digits + check_letter(digits)
        name = f"{kind[2]} {draw.choice(names[kind[1] == 'Ecole'])}"
        yield [
            uai, name, kind[1], kind[3], f"{draw.randint(1, 90)} rue Inventée", "", f"{postal_code} {commune.upper()}",
            postal_code, commune, department.zfill(3), geography.academy_of(department) or "",
            f"046571{draw.randint(1_000, 9_999)}", f"ce.{uai}@ecole.example", "OUVERT",
            "MINISTERE DE L'EDUCATION NATIONALE",
        ]  # fmt: skip


def _communes(geography: Geography) -> list[tuple[str, str, str, int]]:
    """(département, postal code, name, inhabitants) of each commune that has schools to give."""
    found = []
    for told in json.loads(COMMUNES.read_text("utf-8")):
        if told["type"] != "commune-actuelle" or not told.get("codesPostaux"):
            continue
        department = told.get("departement") or told.get("collectivite", "")
        if geography.academy_of(department):
            found.append((department, told["codesPostaux"][0], told["nom"], told.get("population", 0)))
    return found


def write(path: Path, schools: int, geography: Geography) -> None:
    """The file, as the ministry exports it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows(schools, geography))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--schools", type=int, default=FULL)
    options = parser.parse_args()
    write(options.file, options.schools, load_geography(config_dir(), communes_dir()))
