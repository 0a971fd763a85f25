"""Services: national ones, and one of each kind in every académie."""

from pathlib import Path

import pytest

from helpdesk.errors import ConfigError
from helpdesk.places import config_dir
from helpdesk.routing.geography import Geography
from helpdesk.routing.services import load_services, of_academy
from tests.routing.rulebooks import SMALL, a_small_rulebook, the_rulebook


def test_every_academy_has_a_service_of_each_kind_in_its_own_zone(france: Geography) -> None:
    services = load_services(config_dir() / "services.toml", france.academies.values())

    kinds = {service.kind for service in services if service.academy}
    for code, academy in france.academies.items():
        own = [service for service in services if service.academy == code]
        assert {service.kind for service in own} == kinds
        assert {service.timezone for service in own} == {academy.timezone}
        assert all(service.slug == f"{service.kind}-{code}" for service in own)


def test_national_services_belong_to_no_academy() -> None:
    assert the_rulebook().service("triage-national").academy is None


def test_a_service_that_no_rule_can_name_is_not_found() -> None:
    with pytest.raises(KeyError):
        the_rulebook().service("scolarite-99")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lyon", "académie de Lyon"),
        ("Amiens", "académie d’Amiens"),
        ("La Réunion", "académie de La Réunion"),
        ("Orléans-Tours", "académie d’Orléans-Tours"),
    ],
)
def test_an_academy_is_named_in_good_french(name: str, said: str) -> None:
    assert of_academy(name) == said


def test_what_differs_in_one_academy_is_written_apart() -> None:
    local = '[[local]]\nservice = "assistance-28"\nname = "Guichet de La Réunion"\nphone = "0 800 000 000"\n'

    service = a_small_rulebook(services=SMALL["services.toml"] + local).service("assistance-28")

    assert (service.name, service.phone) == ("Guichet de La Réunion", "0 800 000 000")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (
            '[[local]]\nservice = "assistance-99"\n',
            "services.toml, [[local]] « assistance-99 » : le service « assistance-99 » n’existe pas",
        ),
        (
            '[[national]]\nslug = "nuit"\nkind = "nuit"\nname = "Nuit"\ntimezone = "Europe/Pari"\n',
            "services.toml, service « nuit » : le fuseau horaire « Europe/Pari » n’existe pas",
        ),
        (
            '[[national]]\nslug = "triage-national"\nkind = "triage"\nname = "Encore"\n',
            "services.toml : le service « triage-national » est écrit deux fois",
        ),
        (
            '[[academy]]\nkind = "x"\nname = "X"\ncourriel = "a@b.fr"\n',
            "services.toml, genre de service « x » : « courriel » n’existe pas ici",
        ),
    ],
)
def test_a_mistake_in_the_services_is_named(wrong: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        a_small_rulebook(services=SMALL["services.toml"] + wrong)

    assert complaint in caught.value.problems


def test_a_file_that_is_missing_is_told(france: Geography, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"services\.toml : le fichier ne peut pas être lu"):
        load_services(tmp_path / "services.toml", france.academies.values())
