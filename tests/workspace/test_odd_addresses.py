"""Addresses and fields that nobody types: answered like any other mistake, on both databases."""

from tests.application import Desk, token_in

FAR = 2**70
NOWHERE = (
    "/questions/a%00b",
    "/questions/rubriques/%00/flux.xml",
    "/api/fiches/%00.json",
    f"/agent/demandes/EC-2222-2222/fichiers/{FAR}",
    f"/agent/courriels/{FAR}",
    "/agent/demandes/%00",
)


def test_what_no_database_can_be_asked_for_is_not_there(desk: Desk) -> None:
    client = desk.sign_in(desk.agent())
    form = {"csrf_token": token_in(client.get("/agent/").text)}

    answers = {address: client.get(address).status_code for address in NOWHERE}
    acts = [client.post(f"/agent/vues/{number}/suppression", data=form).status_code for number in (2**31, FAR)]

    assert answers == dict.fromkeys(NOWHERE, 404)
    assert acts == [404, 404]


def test_a_nul_in_a_field_is_as_if_it_were_not_typed(desk: Desk) -> None:
    ticket, client = desk.ticket(), desk.sign_in(desk.agent())
    fields = {"csrf_token": token_in(client.get("/agent/").text), "service": "assistance-08\x00", "reason": "Erreur."}

    client.post(f"/agent/demandes/{ticket.reference}/transfert", data=fields)

    assert desk.read(ticket.reference).service.slug == "assistance-08"
